/// Loops that do nothing but what bounds a kernel: the ceilings of a roofline.
#ifndef CKERNELS_PEAK_H
#define CKERNELS_PEAK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Runs `rounds` rounds of independent fused multiply-adds on registers with the widest vectors of `isa` and returns how many
/// floating-point operations that were. `sink` (16 floats) receives a result so that the work cannot be left out.
uint64_t ck_f32_peak(uint32_t isa, uint64_t rounds, float *sink);

/// Reads `count` floats once and returns their sum: memory bandwidth for a large array.
float ck_f32_stream(uint32_t isa, const float *x, size_t count);

#ifdef __cplusplus
}
#endif

#endif
