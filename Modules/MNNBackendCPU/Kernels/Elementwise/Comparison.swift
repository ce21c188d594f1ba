import CKernels
import MNNGraph
import MNNRuntime

/// Comparisons with broadcasting of float32, float64, int32 and int64.
final class ComparisonKernel: StatelessKernel<Comparison>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Comparison, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), types.contains(dtype) else {
      return .unsupported("only float32, float64, int32 and int64")
    }
    return broadcastSupport(request)
  }

  static let types: Set<DType> = [.float32, .float64, .int32, .int64]

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let loop = Loop(broadcasting: [try request.sizes(0), try request.sizes(1)], to: try request.resultSizes())
    let isa = processor.isa
    let kind = op.function.kind
    let dtype = request.dtype(0)
    return CPULaunch("compare") { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawInput(1))
      let z: UnsafeMutablePointer<UInt8> = try arguments.result(0)
      let threads = arguments.threadCount
      switch dtype {
      case .int32:
        ck_i32_compare(
          isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Int32.self), loop.strides[0],
          y.assumingMemoryBound(to: Int32.self), loop.strides[1], z, threads)
      case .float64:
        ck_f64_compare(
          isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Double.self), loop.strides[0],
          y.assumingMemoryBound(to: Double.self), loop.strides[1], z, threads)
      case .int64:
        ck_i64_compare(
          isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Int64.self), loop.strides[0],
          y.assumingMemoryBound(to: Int64.self), loop.strides[1], z, threads)
      default:
        ck_f32_compare(
          isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Float.self), loop.strides[0],
          y.assumingMemoryBound(to: Float.self), loop.strides[1], z, threads)
      }
    }
  }
}

extension Comparison.Function {
  /// The function as CKernels names it.
  var kind: ck_compare_kind {
    switch self {
    case .equal: CK_EQUAL
    case .notEqual: CK_NOT_EQUAL
    case .less: CK_LESS
    case .lessOrEqual: CK_LESS_OR_EQUAL
    case .greater: CK_GREATER
    case .greaterOrEqual: CK_GREATER_OR_EQUAL
    }
  }
}

/// A choice between elements of any type by a bool, or by integers, as `.mnn` files have truth values.
final class SelectKernel: StatelessKernel<Select>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Select, _ request: KernelRequest, on processor: Processor) -> Support {
    switch request.dtype(0) {
    case .bool, .uint8, .int8, .int32: broadcastSupport(request)
    default: .unsupported("only conditions of one byte, or int32")
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let conditionSizes = try request.sizes(0)
    let loop = Loop(
      broadcasting: [conditionSizes, try request.sizes(1), try request.sizes(2)], to: try request.resultSizes())
    let isa = processor.isa
    let width = request.results[0].dtype.byteCount
    let isWide = request.dtype(0) == .int32
    let count = elementCount(conditionSizes)
    return CPULaunch("select", scratch: isWide ? count : 0) { arguments throws(RunError) in
      var condition: UnsafePointer<UInt8> = try arguments.input(0, as: UInt8.self)
      if isWide {
        guard let scratch = arguments.scratchAddress?.assumingMemoryBound(to: UInt8.self) else {
          throw RunError(.device, "a choice has no scratch memory")
        }
        var (size, step, none) = (count, 1, 0)
        var zero: Int32 = 0
        ck_i32_compare(
          isa, CK_NOT_EQUAL, 1, &size, try arguments.rawInput(0).assumingMemoryBound(to: Int32.self), &step, &zero, &none,
          scratch, arguments.threadCount)
        condition = UnsafePointer(scratch)
      }
      ck_select(
        isa, width, loop.rank, loop.sizes, condition, loop.strides[0], try arguments.rawInput(1), loop.strides[1],
        try arguments.rawInput(2), loop.strides[2], try arguments.rawResult(0), arguments.threadCount)
    }
  }
}
