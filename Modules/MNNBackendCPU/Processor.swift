import CKernels
import MNNRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The processor as kernels see it: its instruction sets and what follows from them.
struct Processor: @unchecked Sendable {
  // Unchecked: `gemm` points into a constant table.
  /// A mask of `CK_ISA_…` bits.
  let isa: UInt32
  /// The matrix kernel that convolutions and products use.
  let gemm: UnsafePointer<ck_gemm_config>
  /// The matrix kernel of products of bytes.
  let byteGEMM: UnsafePointer<ck_u8s8_gemm_config>

  /// Channels per block of a blocked tensor.
  var block: Int { Int(gemm.pointee.c) }

  init(isa: UInt32) throws(RunError) {
    guard let gemm = ck_gemm_select(CK_TYPE_F32, isa), let byteGEMM = ck_u8s8_gemm_select(isa) else {
      throw RunError(.backendUnavailable, "no matrix kernel fits the processor", found: "instruction sets \(isa)")
    }
    self.isa = isa
    self.gemm = gemm
    self.byteGEMM = byteGEMM
  }

  /// - Parameter level: what ``CPUBackend/init(instructionSet:)`` takes.
  init(level: String?) throws(RunError) {
    let available = ck_cpu_isa_mask()
    guard let level else {
      try self.init(isa: available)
      return
    }
    let limited = level.withCString { ck_cpu_limit_isa(available, $0) }
    guard limited != 0 else {
      throw RunError(
        .backendUnavailable, "unknown instruction set",
        expected: "scalar, avx2, avxvnni, avx512, avx512vnni, avx512bf16, neon, neondot, neonfp16 or neoni8mm", found: level,
        advice: "unset MNN_CPU_ISA to use all that the processor has")
    }
    try self.init(isa: limited)
  }

  /// The level that the environment asks for, or nil.
  static var levelOfEnvironment: String? {
    guard let text = getenv("MNN_CPU_ISA") else { return nil }
    let level = String(cString: text)
    return level.isEmpty ? nil : level
  }

  /// The name of the matrix kernel, for profiles.
  var gemmName: String { String(cString: gemm.pointee.name) }
  var byteGEMMName: String { String(cString: byteGEMM.pointee.name) }
}
