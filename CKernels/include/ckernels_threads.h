/// How threads behave between parallel loops.
#ifndef CKERNELS_THREADS_H
#define CKERNELS_THREADS_H

#ifdef __cplusplus
extern "C" {
#endif

/// Called on a thread before it runs drivers with several threads: its workers will wait for the next loop for a millisecond and
/// then sleep. Left alone, LLVM's OpenMP spins for 200 ms after every loop, so a program that has run a model burns a core while
/// it does other work; without any waiting each loop pays the 50 microseconds that waking a thread takes.
///
/// Concerns loops started by the calling thread only. Does nothing if the environment has `KMP_BLOCKTIME` or `OMP_WAIT_POLICY`,
/// or under another OpenMP library.
void ck_threads_begin(void);

#ifdef __cplusplus
}
#endif

#endif
