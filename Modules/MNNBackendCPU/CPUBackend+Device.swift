import CKernels
import MNNKernels

extension CPUBackend {
  /// What the processor offers to models, up to the level in use: MNN's line, which knows extensions of ARM processors only, and in
  /// words.
  public var deviceDescription: String {
    func has(_ set: Int) -> Bool { processor.isa & UInt32(set) != 0 }
    func flag(_ set: Int) -> String { has(set) ? "1" : "0" }
    let line =
      "The device supports: i8sdot:\(flag(CK_ISA_NEONDOT)), fp16:\(flag(CK_ISA_NEONFP16)), i8mm: \(flag(CK_ISA_NEONI8MM)), sve2: 0"
    let names: [(set: Int, name: String)] = [
      (CK_ISA_AVX2, "AVX2"), (CK_ISA_AVX512, "AVX-512"), (CK_ISA_AVXVNNI, "AVX-VNNI"), (CK_ISA_AVX512VNNI, "AVX-512 VNNI"),
      (CK_ISA_AVX512BF16, "AVX-512 BF16"), (CK_ISA_NEON, "NEON"), (CK_ISA_NEONDOT, "dot products"), (CK_ISA_NEONFP16, "FP16"),
      (CK_ISA_NEONI8MM, "I8MM"),
    ].filter { has($0.set) }
    let dots = has(CK_ISA_AVX512VNNI) || has(CK_ISA_AVXVNNI) || has(CK_ISA_NEONDOT)
    return [
      line,
      "instruction sets: " + (names.isEmpty ? "none beyond the plainest" : names.map(\.name).joined(separator: ", ")),
      "memory low: weights of 2, 3, 4 and 8 bits are multiplied by bytes, "
        + (dots ? "with dot products of four" : "without dot products: slower than floats may be"),
      "precision low: "
        + (multipliesHalves
          ? "products and convolutions in bfloat16, sums in float32" : "float32, for want of bfloat16 products"),
    ].joined(separator: "\n")
  }
}
