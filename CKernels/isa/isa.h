/// Compiling a stretch of a file for one instruction set: `CK_TARGET_AVX2 … CK_TARGET_END`.
///
/// Include intrinsics headers before the stretch, and static inline code that it calls inside it: a function is inlined only into
/// callers of its own target.
#ifndef CKERNELS_ISA_H
#define CKERNELS_ISA_H

#define CK_PRAGMA(text) _Pragma(#text)
#define CK_TARGET(features) CK_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define CK_TARGET_AVX2 CK_TARGET("avx2,fma,f16c")
#define CK_TARGET_AVX512 CK_TARGET("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")
#define CK_TARGET_AVX512VNNI CK_TARGET("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
#define CK_TARGET_AVX512BF16 CK_TARGET("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")
#define CK_TARGET_AVXVNNI CK_TARGET("avx2,fma,f16c,avxvnni")
#define CK_TARGET_END CK_PRAGMA(clang attribute pop)

#define CK_INLINE static inline __attribute__((always_inline))

#endif
