#include <stdio.h>
#include <string.h>

#include "CImageCodecs.h"
#include "pixel.h"

/// What the headers say, checked against the length of the file.
typedef struct {
  const uint8_t *bytes;
  size_t count, pixels, palette, palette_step, palette_count, stride;
  uint32_t width, height, bits, compression, masks[4];
  int is_upside_down;
} bitmap;

static uint32_t u16(const uint8_t *p) { return p[0] | (uint32_t)p[1] << 8; }
static uint32_t u32(const uint8_t *p) { return u16(p) | u16(p + 2) << 16; }

static ci_status refuse(char *message, ci_status status, const char *words) {
  snprintf(message, CI_MESSAGE_BYTES, "%s", words);
  return status;
}

static ci_status read_header(const uint8_t *bytes, size_t count, bitmap *to, char *message) {
  message[0] = 0;
  memset(to, 0, sizeof *to);
  to->bytes = bytes;
  to->count = count;
  if (count < 26) return refuse(message, CI_DAMAGED, "the file is cut short");
  to->pixels = u32(bytes + 10);
  const uint32_t header = u32(bytes + 14);
  if (header != 12 && (header < 40 || count - 14 < header)) return refuse(message, CI_DAMAGED, "the header has no known size");
  int64_t width, height;
  if (header == 12) {
    width = u16(bytes + 18);
    height = u16(bytes + 20);
    to->bits = u16(bytes + 24);
    to->palette_step = 3;
  } else {
    width = (int32_t)u32(bytes + 18);
    height = (int32_t)u32(bytes + 22);
    to->bits = u16(bytes + 28);
    to->compression = u32(bytes + 30);
    to->palette_step = 4;
    to->palette_count = u32(bytes + 46);
  }
  to->palette = 14 + header;
  to->is_upside_down = height > 0;
  if (height < 0) height = -height;
  if (width < 1 || height < 1 || width > INT32_MAX || height > INT32_MAX)
    return refuse(message, CI_DAMAGED, "the size is not one");
  to->width = (uint32_t)width;
  to->height = (uint32_t)height;
  const uint32_t bits = to->bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    return refuse(message, CI_DAMAGED, "the number of bits is not one");
  to->masks[0] = bits == 16 ? 0x7c00 : 0xff0000;
  to->masks[1] = bits == 16 ? 0x3e0 : 0xff00;
  to->masks[2] = bits == 16 ? 0x1f : 0xff;
  if (to->compression == 3 && (bits == 16 || bits == 32)) {
    if (count < 66) return refuse(message, CI_DAMAGED, "the file is cut short");
    for (int i = 0; i < 3; i++) to->masks[i] = u32(bytes + 54 + 4 * i);
    if (header >= 56 && count >= 70) to->masks[3] = u32(bytes + 66);
  } else if (to->compression == 1 && bits == 8) {
    if (to->pixels > count) return refuse(message, CI_DAMAGED, "the file is cut short");
    // A run of 255 pixels takes two bytes.
    if ((uint64_t)width * (uint64_t)height / 255 > count)
      return refuse(message, CI_DAMAGED, "the file is too short for its size in pixels");
  } else if (to->compression != 0) {
    return refuse(message, CI_UNSUPPORTED, "the compression is not one that is read");
  }
  if (bits <= 8) {
    const size_t most = (size_t)1 << bits;
    if (to->palette_count == 0 || to->palette_count > most) to->palette_count = most;
    if (to->palette > count || to->palette_count * to->palette_step > count - to->palette)
      return refuse(message, CI_DAMAGED, "the palette is cut short");
  }
  to->stride = ((size_t)to->width * bits + 31) / 32 * 4;
  if (to->compression != 1 && (to->pixels > count || (count - to->pixels) / to->stride < to->height))
    return refuse(message, CI_DAMAGED, "the file is cut short");
  return CI_OK;
}

ci_status ci_bmp_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]) {
  bitmap file;
  const ci_status status = read_header(bytes, count, &file, message);
  if (status != CI_OK) return status;
  info->width = file.width;
  info->height = file.height;
  info->depth = 8;
  info->channels = file.bits == 32 && file.masks[3] ? 4 : 3;
  if (file.bits <= 8) {
    info->channels = 1;
    for (size_t i = 0; i < file.palette_count; i++) {
      const uint8_t *c = bytes + file.palette + i * file.palette_step;
      if (c[0] != c[1] || c[1] != c[2]) info->channels = 3;
    }
  }
  return CI_OK;
}

/// The value of a channel in 8 bits. Of pixels of 16 bits, the bits that are missing are zeros, as OpenCV has it.
static unsigned masked(uint32_t pixel, uint32_t mask, uint32_t pixel_bits) {
  if (!mask) return 0;
  const int shift = __builtin_ctz(mask);
  const uint64_t top = mask >> shift;
  if (pixel_bits == 16 && top < 256) {
    const int missing = 8 - (32 - __builtin_clz((uint32_t)top));
    return ((pixel & mask) >> shift) << missing;
  }
  return (unsigned)(((uint64_t)((pixel & mask) >> shift) * 255 + top / 2) / top);
}

/// Run lengths, into rows of palette indices from the bottom up; what they leave out is index 0.
static void expand_runs(const bitmap *file, ci_format format, uint8_t *target, const uint8_t colors[256][3]) {
  const size_t step = ci_channels(format);
  for (size_t i = 0; i < (size_t)file->width * file->height; i++)
    ci_store(target + i * step, format, colors[0][2], colors[0][1], colors[0][0], 255);
  size_t at = file->pixels, x = 0, y = 0;
  while (at + 1 < file->count && y < file->height) {
    const uint8_t first = file->bytes[at], second = file->bytes[at + 1];
    at += 2;
    size_t run = first, literal = 0;
    if (first == 0) {
      if (second == 1) return;
      if (second == 0) {
        x = 0, y++;
        continue;
      }
      if (second == 2) {
        if (at + 1 >= file->count) return;
        x += file->bytes[at], y += file->bytes[at + 1];
        at += 2;
        continue;
      }
      run = literal = second;
      if (file->count - at < literal) return;
    }
    for (size_t i = 0; i < run && x < file->width; i++, x++) {
      const uint8_t *c = colors[literal ? file->bytes[at + i] : second];
      const size_t row = file->is_upside_down ? file->height - 1 - y : y;
      ci_store(target + (row * file->width + x) * step, format, c[2], c[1], c[0], 255);
    }
    at += (literal + 1) & ~(size_t)1;
  }
}

ci_status ci_bmp_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                        char message[CI_MESSAGE_BYTES]) {
  bitmap file;
  const ci_status status = read_header(bytes, count, &file, message);
  if (status != CI_OK) return status;
  const size_t row = file.width * ci_channels(format);
  if (target_count / row != file.height || target_count % row)
    return refuse(message, CI_DAMAGED, "the target has the wrong size");
  uint8_t colors[256][3] = {{0}};
  for (size_t i = 0; file.bits <= 8 && i < file.palette_count; i++)
    memcpy(colors[i], bytes + file.palette + i * file.palette_step, 3);
  if (file.compression == 1) {
    expand_runs(&file, format, target, colors);
    return CI_OK;
  }
  for (uint32_t y = 0; y < file.height; y++) {
    const uint8_t *from = bytes + file.pixels + file.stride * (file.is_upside_down ? file.height - 1 - y : y);
    uint8_t *to = target + y * row;
    for (uint32_t x = 0; x < file.width; x++) {
      if (file.bits <= 8) {
        const uint32_t per_byte = 8 / file.bits, place = per_byte - 1 - x % per_byte;
        const uint8_t *c = colors[from[x / per_byte] >> (place * file.bits) & ((1u << file.bits) - 1)];
        to = ci_store(to, format, c[2], c[1], c[0], 255);
      } else if (file.bits == 24) {
        to = ci_store(to, format, from[3 * x + 2], from[3 * x + 1], from[3 * x], 255);
      } else {
        const uint32_t pixel = file.bits == 16 ? u16(from + 2 * x) : u32(from + 4 * x);
        unsigned part[4];
        for (int i = 0; i < 4; i++) part[i] = masked(pixel, file.masks[i], file.bits);
        to = ci_store(to, format, part[0], part[1], part[2], file.masks[3] ? part[3] : 255);
      }
    }
  }
  return CI_OK;
}

static void put32(uint8_t *p, uint32_t x) {
  for (int i = 0; i < 4; i++) p[i] = (uint8_t)(x >> 8 * i);
}

ci_status ci_bmp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, ci_sink sink, void *context,
                        char message[CI_MESSAGE_BYTES]) {
  message[0] = 0;
  const size_t channels = ci_channels(format), row = width * channels, stride = (row + 3) / 4 * 4;
  const uint32_t palette = format == CI_GRAY ? 1024 : 0, header = format == CI_BGRA ? 108 : 40;
  if (stride * height > 0xf0000000u) return refuse(message, CI_TOO_LARGE, "the picture is too large for the format");
  uint8_t head[14 + 108] = {'B', 'M'};
  put32(head + 2, 14 + header + palette + (uint32_t)(stride * height));
  put32(head + 10, 14 + header + palette);
  put32(head + 14, header);
  put32(head + 18, width);
  put32(head + 22, height);
  head[26] = 1;
  head[28] = (uint8_t)(channels * 8);
  if (format == CI_BGRA) {
    head[30] = 3;
    put32(head + 54, 0xff0000);
    put32(head + 58, 0xff00);
    put32(head + 62, 0xff);
    put32(head + 66, 0xff000000);
    memcpy(head + 70, "BGRs", 4);
  }
  if (!sink(context, head, 14 + header)) return CI_OUT_OF_MEMORY;
  for (unsigned i = 0; format == CI_GRAY && i < 256; i++) {
    const uint8_t entry[4] = {(uint8_t)i, (uint8_t)i, (uint8_t)i, 0};
    if (!sink(context, entry, 4)) return CI_OUT_OF_MEMORY;
  }
  const uint8_t none[4] = {0};
  for (uint32_t y = height; y-- > 0;) {
    if (!sink(context, pixels + y * row, row) || (stride > row && !sink(context, none, stride - row))) return CI_OUT_OF_MEMORY;
  }
  return CI_OK;
}
