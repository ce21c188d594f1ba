#include <string.h>

#include "../include/ik_levels.h"
#include "levels.h"

/// All levels that are compiled, from the plainest on.
static const struct {
  const ik_kernels *kernels;
  /// Names under which MNN_CPU_ISA knows it, each after a space.
  const char *names;
} levels[] = {
#define IK_LEVEL(level, names) {&ik_kernels__##level, names},
#include "levels.inc"
#undef IK_LEVEL
};

static int is_there(const char *level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(level, "avx2") == 0) return __builtin_cpu_supports("avx2");
  if (strcmp(level, "avx512") == 0) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
  }
#endif
  (void)level;
  return 1;
}

const ik_kernels *ik_kernels_at(size_t i) {
  for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++)
    if (is_there(levels[k].kernels->level) && i-- == 0) return levels[k].kernels;
  return NULL;
}

static int has_name(const char *names, const char *name) {
  const size_t length = strlen(name);
  for (const char *at = names; length && (at = strstr(at, name)); at += length)
    if (at > names && at[-1] == ' ' && (at[length] == ' ' || !at[length])) return 1;
  return 0;
}

const ik_kernels *ik_kernels_best(const char *limit) {
  const ik_kernels *best = levels[0].kernels;
  size_t last = sizeof levels / sizeof levels[0];
  if (limit) {
    size_t k = last;
    while (k > 0 && !has_name(levels[k - 1].names, limit)) k--;
    last = k ? k : 1;
  }
  for (size_t k = 0; k < last; k++)
    if (is_there(levels[k].kernels->level)) best = levels[k].kernels;
  return best;
}
