import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Indices as the drivers take them: int64, converted while running if they are int32.
struct IndexInput: Sendable {
  let input: Int
  let count: Int
  private let isNarrow: Bool
  private let isa: UInt32

  static func support(_ request: KernelRequest, input: Int) -> Support {
    switch request.dtype(input) {
    case .int32, .int64: .supported
    default: .unsupported("only int32 and int64 indices")
    }
  }

  init(_ request: KernelRequest, input: Int, isa: UInt32) throws(RunError) {
    self.input = input
    self.isa = isa
    count = elementCount(try request.sizes(input))
    isNarrow = request.dtype(input) == .int32
  }

  /// Bytes of scratch memory, a multiple of 8.
  var scratchByteCount: Int { isNarrow ? count * 8 : 0 }

  func elements(_ arguments: LaunchArguments) throws(RunError) -> UnsafePointer<Int64> {
    let indices = try arguments.rawInput(input)
    guard isNarrow, let wide = arguments.scratchAddress else { return indices.assumingMemoryBound(to: Int64.self) }
    ck_convert(isa, CK_I32, CK_I64, count, indices, wide, arguments.threadCount)
    return UnsafePointer(wide.assumingMemoryBound(to: Int64.self))
  }
}

/// - Throws: an error that names the node, if a driver found an index out of range.
func requireValidIndices(_ isValid: Int32, _ node: String, _ operatorName: String) throws(RunError) {
  guard isValid != 0 else {
    throw RunError(GraphError(.indexOutOfRange, "an index is out of range").at(node: node, operator: operatorName))
  }
}

extension KernelRequest {
  /// `[outer, n, inner]` of input 0 and the length of the indices' axis, where indices have the sizes of the input on all axes
  /// but the one they name; nil where they have not.
  func elementRows(axis: Int) -> (outer: Int, n: Int, inner: Int, count: Int)? {
    guard let x = try? sizes(0), let indices = try? sizes(1), x.count == indices.count, !x.isEmpty else { return nil }
    let axis = axis < 0 ? axis + x.count : axis
    guard x.indices.contains(axis), x.indices.allSatisfy({ $0 == axis || x[$0] == indices[$0] }) else { return nil }
    let (outer, n, inner) = splitSizes(x, at: axis)
    return (outer, n, inner, indices[axis])
  }
}
