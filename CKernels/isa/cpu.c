#include "ckernels_cpu.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

uint32_t ck_cpu_isa_mask(void) {
  uint32_t mask = CK_ISA_SCALAR;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) {
    mask |= CK_ISA_AVX2;
    unsigned a, b, c, d;
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 4)) mask |= CK_ISA_AVXVNNI;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
      mask |= CK_ISA_AVX512;
      if (__builtin_cpu_supports("avx512vnni")) mask |= CK_ISA_AVX512VNNI;
      if (__builtin_cpu_supports("avx512bf16")) mask |= CK_ISA_AVX512BF16;
    }
  }
#elif defined(__aarch64__)
  mask |= CK_ISA_NEON;
#if defined(__linux__)
  // Bit positions of the arm64 ELF hwcap words (Linux Documentation/arch/arm64/elf_hwcaps.rst).
  unsigned long hwcap = getauxval(AT_HWCAP), hwcap2 = getauxval(AT_HWCAP2);
  if (hwcap & (1ul << 20)) mask |= CK_ISA_NEONDOT;
  if (hwcap & (1ul << 10)) mask |= CK_ISA_NEONFP16;
  if (hwcap2 & (1ul << 13)) mask |= CK_ISA_NEONI8MM;
#else
  mask |= CK_ISA_NEONDOT | CK_ISA_NEONFP16;
#endif
#endif
  return mask;
}

/// The levels that `MNN_CPU_ISA` can name.
static const struct {
  const char *name;
  uint32_t level;
} levels[] = {
    {"scalar", CK_ISA_SCALAR},
    {"avx2", CK_ISA_SCALAR | CK_ISA_AVX2},
    {"avxvnni", CK_ISA_SCALAR | CK_ISA_AVX2 | CK_ISA_AVXVNNI},
    {"avx512", CK_ISA_SCALAR | CK_ISA_AVX2 | CK_ISA_AVX512},
    {"avx512vnni", CK_ISA_SCALAR | CK_ISA_AVX2 | CK_ISA_AVX512 | CK_ISA_AVX512VNNI},
    {"avx512bf16", CK_ISA_SCALAR | CK_ISA_AVX2 | CK_ISA_AVX512 | CK_ISA_AVX512VNNI | CK_ISA_AVX512BF16},
    {"neon", CK_ISA_SCALAR | CK_ISA_NEON},
    {"neondot", CK_ISA_SCALAR | CK_ISA_NEON | CK_ISA_NEONDOT},
    {"neonfp16", CK_ISA_SCALAR | CK_ISA_NEON | CK_ISA_NEONDOT | CK_ISA_NEONFP16},
    {"neoni8mm", CK_ISA_SCALAR | CK_ISA_NEON | CK_ISA_NEONDOT | CK_ISA_NEONFP16 | CK_ISA_NEONI8MM},
};

uint32_t ck_cpu_limit_isa(uint32_t mask, const char *name) {
  for (unsigned i = 0; i < sizeof levels / sizeof levels[0]; ++i)
    if (strcmp(levels[i].name, name) == 0) return mask & levels[i].level;
  return 0;
}

const char *ck_cpu_level_name(uint32_t i) { return i < sizeof levels / sizeof levels[0] ? levels[i].name : NULL; }
