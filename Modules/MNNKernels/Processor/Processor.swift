package import CKernels
package import MNNGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The processor as kernels see it: its instruction sets and what follows from them.
package struct Processor: @unchecked Sendable {
  // Unchecked: `gemm` points into a constant table.
  /// A mask of `CK_ISA_…` bits.
  package let isa: UInt32
  /// The matrix kernel that convolutions and products use.
  package let gemm: UnsafePointer<ck_gemm_config>
  /// The matrix kernel of products of bytes.
  package let byteGEMM: UnsafePointer<ck_u8s8_gemm_config>

  /// Channels per block of a blocked tensor.
  package var block: Int { Int(gemm.pointee.c) }

  private init(isa: UInt32) throws(GraphError) {
    guard let gemm = ck_gemm_select(CK_TYPE_F32, isa), let byteGEMM = ck_u8s8_gemm_select(isa) else {
      throw GraphError(.processorUnsupported, "no matrix kernel fits the processor", found: "instruction sets \(isa)")
    }
    self.isa = isa
    self.gemm = gemm
    self.byteGEMM = byteGEMM
  }

  /// - Parameter level: the highest level to use, such as `avx2`; what the processor lacks is left out. nil: all that it has.
  /// - Throws: ``GraphError/Code/processorUnsupported`` for a level that does not exist.
  package init(level: String?) throws(GraphError) {
    let available = ck_cpu_isa_mask()
    guard let level else {
      try self.init(isa: available)
      return
    }
    let limited = level.withCString { ck_cpu_limit_isa(available, $0) }
    guard limited != 0 else {
      throw GraphError(
        .processorUnsupported, "unknown instruction set", expected: Processor.levels.joined(separator: ", "), found: level,
        advice: "unset MNN_CPU_ISA to use all that the processor has")
    }
    try self.init(isa: limited)
  }

  /// The levels that have a name, of all processors, from the plainest on.
  package static let levels: [String] = {
    var names: [String] = []
    while let name = ck_cpu_level_name(UInt32(names.count)) { names.append(String(cString: name)) }
    return names
  }()

  /// The level that the environment's `MNN_CPU_ISA` asks for, or nil.
  package static var levelOfEnvironment: String? {
    guard let text = getenv("MNN_CPU_ISA") else { return nil }
    let level = String(cString: text)
    return level.isEmpty ? nil : level
  }

  /// The processor up to the level that the environment asked for when it was first used.
  private static let ofEnvironment: Result<Processor, GraphError> = Result { () throws(GraphError) in
    try Processor(level: levelOfEnvironment)
  }

  /// The processor for computing at once, without a backend of its own.
  ///
  /// - Throws: ``GraphError/Code/processorUnsupported`` if the environment's `MNN_CPU_ISA` names no level.
  package static var current: Processor {
    get throws(GraphError) { try ofEnvironment.get() }
  }

  /// The name of the matrix kernel, for profiles.
  package var gemmName: String { String(cString: gemm.pointee.name) }
  package var byteGEMMName: String { String(cString: byteGEMM.pointee.name) }
}
