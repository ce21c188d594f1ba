/// The control bits for denormal numbers, for the loops that start threads.
#ifndef CK_FLOAT_MODE_H
#define CK_FLOAT_MODE_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

enum { CK_FLUSH_DENORMALS = 0x8040 };  // MXCSR: flush to zero, denormals are zeros

static inline uint64_t ck_float_mode(void) { return _mm_getcsr() & CK_FLUSH_DENORMALS; }
static inline void ck_set_float_mode(uint64_t mode) {
  const unsigned now = _mm_getcsr(), wanted = (now & ~(unsigned)CK_FLUSH_DENORMALS) | (unsigned)mode;
  if (now != wanted) _mm_setcsr(wanted);
}
#elif defined(__aarch64__)
enum { CK_FLUSH_DENORMALS = 1 << 24 };  // FPCR.FZ

static inline uint64_t ck_read_fpcr(void) {
  uint64_t value;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
static inline uint64_t ck_float_mode(void) { return ck_read_fpcr() & CK_FLUSH_DENORMALS; }
static inline void ck_set_float_mode(uint64_t mode) {
  const uint64_t now = ck_read_fpcr(), wanted = (now & ~(uint64_t)CK_FLUSH_DENORMALS) | mode;
  if (now != wanted) __asm__ volatile("msr fpcr, %0" : : "r"(wanted));
}
#else
enum { CK_FLUSH_DENORMALS = 0 };
static inline uint64_t ck_float_mode(void) { return 0; }
static inline void ck_set_float_mode(uint64_t mode) { (void)mode; }
#endif

#endif
