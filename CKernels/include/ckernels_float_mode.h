/// Numbers below the smallest normal one: computed in full, or taken for zero, which processors do a hundred times faster.
#ifndef CKERNELS_FLOAT_MODE_H
#define CKERNELS_FLOAT_MODE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes the calling thread read and write denormal numbers as zeros, and returns the mode it had. Threads that a driver starts
/// compute in the mode of the thread that called the driver. Where the processor has no such mode, does nothing.
uint64_t ck_float_mode_flush_denormals(void);

/// Gives the calling thread a mode that ``ck_float_mode_flush_denormals`` returned.
void ck_float_mode_restore(uint64_t mode);

#ifdef __cplusplus
}
#endif

#endif
