package render

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"
)

// seal is the key by which Chromium knows our proxy. It is made anew by each
// Renderer, never leaves memory, and only the Chromium that is started with
// its print trusts it.
type seal struct {
	config *tls.Config
	print  string // base64 of the SHA-256 of its public key
}

func newSeal(now time.Time) (*seal, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the key of Chromium's way out: %w", err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the certificate of Chromium's way out: %w", err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("making the print of Chromium's way out: %w", err)
	}
	sum := sha256.Sum256(spki)
	return &seal{
		config: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12},
		print:  base64.StdEncoding.EncodeToString(sum[:]),
	}, nil
}
