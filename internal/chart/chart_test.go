package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"
)

func night() Hours {
	h := Hours{From: time.Date(2026, 7, 8, 11, 0, 0, 0, time.FixedZone("", 7*3600)), Usual: .6,
		Title: "Số bài mỗi giờ", BadName: "tiêu cực", RestName: "khác", UsualName: "chủ đề, ngày thường"}
	h.Bad, h.Rest = make([]int, 12), make([]int, 12)
	h.Bad[8], h.Bad[9], h.Rest[9], h.Rest[11] = 1, 3, 1, 2
	return h
}

func drawn(t *testing.T, h Hours) image.Image {
	t.Helper()
	raw, err := h.PNG()
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.PNG()
	if err != nil || !bytes.Equal(raw, again) {
		t.Fatalf("the same figures give other bytes: %v", err)
	}
	if len(raw) > 64<<10 {
		t.Errorf("the picture has %d bytes, too many for a letter", len(raw))
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// area counts the points of a colour.
func area(img image.Image, r, g, b uint8) (n int) {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA); c.R == r && c.G == g && c.B == b {
				n++
			}
		}
	}
	return n
}

// What is drawn follows the figures: more of red with more of bad news, a line
// only where the usual is known.
func TestHours(t *testing.T) {
	h := night()
	img := drawn(t, h)
	if s := img.Bounds().Size(); s.X != Width*fine || s.Y != Height*fine {
		t.Errorf("the picture is %v", s)
	}
	red, blue := area(img, 0xb3, 0x36, 0x2f), area(img, 0x9f, 0xb4, 0xc9)
	if ratio := float64(red) / float64(blue); ratio < 1.1 || ratio > 1.6 { // 4 to 3
		t.Errorf("red stands to blue as %.2f", ratio)
	}
	worse := h
	worse.Bad = append([]int(nil), h.Bad...)
	worse.Bad[10] = 4
	if area(drawn(t, worse), 0xb3, 0x36, 0x2f) <= red {
		t.Error("more bad news draws no more red")
	}
	plain := h
	plain.Usual = 0
	if lined, bare := area(img, 0x1b, 0x24, 0x30), area(drawn(t, plain), 0x1b, 0x24, 0x30); lined < bare+Width {
		t.Errorf("the line of the usual has %d points, without it %d", lined, bare)
	}
}

func TestLabels(t *testing.T) {
	got := night().labels()
	if got[1] != "12h" || got[4] != "15h" || got[0]+got[2]+got[3] != "" {
		t.Errorf("the labels are %q", got)
	}
	if top := (Hours{Bad: []int{0}, Rest: []int{1}}).top(); top != least {
		t.Errorf("one article reaches to %.0f", top)
	}
}

// A quiet night is drawn too, and one of ten thousand copies.
func TestNothingAndTooMuch(t *testing.T) {
	flood := night()
	flood.Bad[5] = 10_000
	began := time.Now()
	drawn(t, flood)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("a flood took %s to draw twice", took)
	}
	drawn(t, Hours{From: night().From, Bad: make([]int, 12), Rest: make([]int, 12)})
}
