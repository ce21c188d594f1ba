#include "ckernels_layout.h"
#include "kernels.h"

#include <string.h>

enum { most_lanes = 16 };

static const float *block_of(const ck_blocked_source *tensors, ck_channel_source source, size_t image, size_t spatial, size_t c) {
  const ck_blocked_source *tensor = &tensors[source.tensor];
  return tensor->x + (image * ((tensor->channels + c - 1) / c) + (size_t)source.channel / c) * spatial * c;
}

// The moves, one per block that is read, for `count` lanes of one block of the result.
static size_t plan_moves(const ck_blocked_source *tensors, const ck_channel_source *sources, size_t count, size_t image,
                         size_t spatial, size_t c, ck_lane_move *moves) {
  size_t used = 0;
  for (size_t i = 0; i < count; ++i) {
    const float *x = block_of(tensors, sources[i], image, spatial, c);
    size_t m = 0;
    while (m < used && moves[m].x != x) ++m;
    if (m == used) {
      memset(&moves[m], 0, sizeof moves[m]);
      moves[m].x = x;
      ++used;
    }
    moves[m].lane[i] = (int32_t)((size_t)sources[i].channel % c);
    moves[m].takes[i] = 1;
  }
  return used;
}

// True if the move leaves every lane where it is.
static int is_copy(const ck_lane_move *move, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (move->lane[i] != (int32_t)i) return 0;
  return 1;
}

void ck_f32_blocked_gather(uint32_t isa, size_t n, size_t spatial, size_t c, const ck_blocked_source *tensors, size_t channels,
                           const ck_channel_source *sources, float *dst, int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t blocks = (channels + c - 1) / c, total = n * blocks;
  int team = ck_team(threads, total * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t image = k / blocks, first = k % blocks * c, count = channels - first < c ? channels - first : c;
      float *to = dst + k * spatial * c;
      if (c == kernels->lanes) {
        ck_lane_move moves[most_lanes];
        size_t used = plan_moves(tensors, sources + first, count, image, spatial, c, moves);
        if (used == 1 && is_copy(moves, count)) memcpy(to, moves[0].x, spatial * c * sizeof *to);
        else kernels->f32_merge_lanes(spatial, used, moves, to);
      } else {
        for (size_t i = 0; i < count; ++i) {
          const float *from = block_of(tensors, sources[first + i], image, spatial, c) + (size_t)sources[first + i].channel % c;
          for (size_t p = 0; p < spatial; ++p) to[p * c + i] = from[p * c];
        }
      }
    }
  });
}
