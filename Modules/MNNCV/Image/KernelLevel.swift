import CKernels
import MNNKernels

/// The kernels for this processor, or for the instruction set that the environment's `MNN_CPU_ISA` names. An unknown name is an error
/// of every array (``Processor/current``).
///
/// Unsafe for the compiler alone: a table of C functions that is never written.
nonisolated(unsafe) let kernels: ck_image_kernels =
  ck_image_kernels_select((try? Processor.current)?.isa ?? UInt32(CK_ISA_SCALAR)).pointee
