#include "ckernels_image_contours.h"

#include "pixels.h"

size_t ck_image_next_change(const int32_t *row, size_t x, size_t end) {
  for (; x + 8 <= end; x += 8) {
    int32_t differs = 0;
    for (size_t k = 0; k <= 8; k++) differs |= row[x + k] ^ row[x - 1];
    if (differs) break;
  }
  while (x < end && row[x] == row[x - 1] && row[x] == row[x + 1]) x++;
  return x;
}

// The bits of a label that tell its region; the one above them says that a border has passed.
#define REGION 0x3fffffff
#define PASSED 0x40000000

static inline int belongs(int32_t label, int32_t region, int of_equals) {
  return of_equals ? (label & REGION) == region : label != 0;
}

// Of the pixels of a value (`of_equals`), with a frame of two pixels and the latest border of each pixel in `latest`, or of all
// that are not 0, with a frame of one.
static inline __attribute__((always_inline)) size_t follow(int32_t *labels, int32_t *latest, size_t width, size_t start,
                                                           int from_left, int32_t number, int32_t *points, size_t capacity,
                                                           int of_equals) {
  const ptrdiff_t w = (ptrdiff_t)width;
  const int32_t region = labels[start] & REGION, frame = of_equals ? 2 : 1;
  // Neighbors counterclockwise on the screen from the right.
  const ptrdiff_t steps[8] = {1, 1 - w, -w, -1 - w, -1, w - 1, w, w + 1};
  int behind = -1;
  for (int turn = 1; turn < 8 && behind < 0; turn++) {
    // Clockwise from the outside: the first neighbor of the region.
    const int direction = ((from_left ? 4 : 0) + 8 - turn) & 7;
    if (belongs(labels[(ptrdiff_t)start + steps[direction]], region, of_equals)) behind = direction;
  }
  int32_t x = (int32_t)(start % width) - frame, y = (int32_t)(start / width) - frame;
  if (behind < 0) {
    if (of_equals) {
      labels[start] |= PASSED;
      latest[start] = number;
    } else {
      labels[start] = -number;
    }
    if (capacity > 0) points[0] = x, points[1] = y;
    return 1;
  }
  const ptrdiff_t first = (ptrdiff_t)start + steps[behind];
  ptrdiff_t current = (ptrdiff_t)start;
  for (size_t count = 0;; count++) {
    // Counterclockwise from behind: the next neighbor of the region; whether the right one was passed as outside.
    int direction = behind, passed_right = 0;
    for (int k = 1; k <= 8; k++) {
      direction = (behind + k) & 7;
      if (belongs(labels[current + steps[direction]], region, of_equals)) break;
      if (direction == 0) passed_right = 1;
    }
    if (of_equals) {
      labels[current] |= PASSED;
      latest[current] = number;
    } else if (passed_right) {
      labels[current] = -number;
    } else if (labels[current] == 1) {
      labels[current] = number;
    }
    if (count < capacity) points[2 * count] = x, points[2 * count + 1] = y;
    const ptrdiff_t next = current + steps[direction];
    if (next == (ptrdiff_t)start && current == first) return count + 1;
    x += direction == 7 || direction < 2 ? 1 : direction > 2 && direction < 6 ? -1 : 0;
    y += direction > 4 ? 1 : direction > 0 && direction < 4 ? -1 : 0;
    behind = (direction + 4) & 7;
    current = next;
  }
}

size_t ck_image_follow_border(int32_t *labels, size_t width, size_t start, int from_left, int32_t number, int32_t *points,
                              size_t capacity) {
  return follow(labels, NULL, width, start, from_left, number, points, capacity, 0);
}

size_t ck_image_follow_region(int32_t *labels, int32_t *latest, size_t width, size_t start, int from_left, int32_t number,
                              int32_t *points, size_t capacity) {
  return follow(labels, latest, width, start, from_left, number, points, capacity, 1);
}
