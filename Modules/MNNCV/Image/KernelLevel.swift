import CImageKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The kernels for this processor, or for the instruction set that the environment's `MNN_CPU_ISA` names; an unknown name gives
/// the plainest.
///
/// Unsafe for the compiler alone: a table of C functions that is never written.
nonisolated(unsafe) let kernels: ik_kernels = ik_kernels_best(getenv("MNN_CPU_ISA")).pointee
