import Foundation
import MNNGraph
import Testing

@testable import MNNBackendCPU

@Suite("Operators without a kernel")
struct ReferenceTests {
  /// Primitive operators that the processor computes by their reference meaning. Where one of them matters for the time of real
  /// networks it gets a kernel and leaves the list; one that joins it is to be thought about.
  static let byReference: Set<String> = [
    "Arange", "BitCast", "Col2Im", "Compress", "CumProd", "DFT", "DeformableConvolution", "DetectionPostProcess",
    "Determinant", "DynamicQuantizeLinear", "EyeLike", "LRN", "LinearAttention", "MaxRoiPool", "MaxUnpool",
    "MelWeightMatrix", "Multinomial", "NonMaxSuppression", "NonZero", "OneHot", "PackedList", "RandomNormal", "RandomUniform",
    "RankOf", "ReverseSequence", "ShapeOf", "SizeOf", "TensorScatter", "Trilu", "Unique", "WindowFunction",
  ]

  /// The primitive operators that the sources of MNNGraph define.
  static func primitives() throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Modules/MNNGraph").standardized
    var names: Set<String> = []
    for case let file as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init()
    where file.pathExtension == "swift" {
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: /struct (\w+): [^{]*PrimitiveOperator/) {
        names.insert(String(match.1))
      }
    }
    return names
  }

  @Test("are those of the list")
  func list() throws {
    let primitives = try Self.primitives()
    #expect(primitives.count > 50 && primitives.contains("MatMul"))
    let known = Set(CPUKernels.entries.map { "\($0.operatorType)" })
    #expect(primitives.subtracting(known).sorted() == Self.byReference.sorted())
  }
}
