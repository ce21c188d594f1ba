import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Resampling along one axis, or two that are neighbors, of plain tensors.
final class ResizeKernel: StatelessKernel<Resize>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Resize, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    guard let sizes = try? request.sizes(0), let sampling = try? Sampling(op, request.operands, sizes: sizes) else {
      return .unsupported("more than two axes, axes apart, cropping or wide filters")
    }
    return sampling.isEmpty ? .unsupported("an empty axis") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let op = op
    let sampling = try asRunError { () throws(GraphError) in try Sampling(op, request.operands, sizes: sizes) }
    return sampling.launch("resize", planes: sampling.planes, channels: sampling.inner, processor, settings)
  }
}

/// ``Resize`` of a blocked tensor along its rows and columns.
final class BlockedResizeKernel: StatelessKernel<BlockedResize>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedResize, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let x = try request.sizes(0)
    let op = op
    let sampling = try asRunError { () throws(GraphError) in
      try Sampling(op.resize, op.operands, sizes: op.plainSizes(x))
    }
    return sampling.launch("resize blocked", planes: x[0] * x[1], channels: x[4], processor, settings)
  }
}

/// A resampling as the driver takes it: `[planes, rows, columns, inner]`.
struct Sampling: Sendable {
  /// Tap tables of one axis.
  struct Axis: Sendable {
    var size = 1
    var resultSize = 1
    var taps = 1
    var indices: [Int32] = [0]
    var weights: [Float] = [1]
  }

  var planes: Int
  var inner: Int
  var rows: Axis
  var columns: Axis

  static let longestAxis = 1 << 20

  var isEmpty: Bool { [rows, columns].contains { $0.size == 0 || $0.resultSize == 0 } }

  /// - Throws: ``GraphError`` for what the driver cannot do.
  init(_ op: Resize, _ operands: Operands, sizes: [Int]) throws(GraphError) {
    let plans = try op.plans(operands, sizes: sizes).sorted { $0.axis < $1.axis }
    guard op.transformation != .cropAndResize, plans.count <= 2,
      plans.count < 2 || plans[1].axis == plans[0].axis + 1
    else { throw GraphError(.attributeInvalid, "no kernel for such a resizing") }
    // Where nothing changes, one axis of one element does.
    let first = plans.first?.axis ?? sizes.count
    let last = plans.last?.axis ?? sizes.count - 1
    planes = elementCount(Array(sizes[..<first]))
    inner = elementCount(Array(sizes[(last + 1)...]))
    rows = Axis()
    columns = Axis()
    // A single axis that is innermost goes along rows of one number each: as columns it is read in order.
    if plans.count == 2 {
      rows = try Axis(op, plans[0])
      columns = try Axis(op, plans[1])
    } else if let plan = plans.first {
      if inner == 1 { columns = try Axis(op, plan) } else { rows = try Axis(op, plan) }
    }
  }

  func launch(
    _ name: String, planes: Int, channels: Int, _ processor: Processor, _ settings: ExecutionSettings
  ) -> CPULaunch {
    let (rows, columns, isa) = (rows, columns, processor.isa)
    let scratch = rows.withTables { r in
      columns.withTables { c in ck_f32_resize_scratch(r, c, channels, Int32(settings.threads)) }
    }
    return CPULaunch(name, scratch: scratch * MemoryLayout<Float>.stride) { arguments throws(RunError) in
      let x: UnsafePointer<Float> = try arguments.input(0)
      let y: UnsafeMutablePointer<Float> = try arguments.result(0)
      rows.withTables { r in
        columns.withTables { c in
          ck_f32_resize(isa, planes, r, c, channels, x, y, arguments.floatScratch, arguments.threadCount)
        }
      }
    }
  }
}

extension Sampling.Axis {
  init(_ op: Resize, _ plan: Resize.AxisPlan) throws(GraphError) {
    (size, resultSize) = (plan.size, plan.resultSize)
    let count = plan.size == 0 ? 0 : resultSize
    var taps = 1
    // Tables of an axis that is longer than any image would take more memory than the result.
    guard count <= Sampling.longestAxis, size <= Int(Int32.max) else {
      throw GraphError(.attributeInvalid, "no kernel for so long an axis", found: "\(size) to \(resultSize)")
    }
    for i in 0..<count {
      taps = max(taps, op.taps(at: op.position(of: i, on: plan), on: plan).count)
      guard taps <= Int(CK_RESIZE_MAX_TAPS) else {
        throw GraphError(.attributeInvalid, "no kernel for so wide a filter", found: "\(taps) elements")
      }
    }
    self.taps = taps
    indices = []
    weights = []
    for i in 0..<count {
      let list = op.taps(at: op.position(of: i, on: plan), on: plan)
      for k in 0..<taps {
        // Taps that are missing have no weight, and an element that is read anyway.
        indices.append(Int32(k < list.count ? list[k].index : list[0].index))
        weights.append(k < list.count ? Float(list[k].weight) : 0)
      }
    }
  }

  /// The tables, valid during `body`.
  func withTables<R>(_ body: (ck_resize_axis) -> R) -> R {
    indices.withUnsafeBufferPointer { index in
      weights.withUnsafeBufferPointer { weight in
        body(ck_resize_axis(in: size, out: resultSize, taps: taps, index: index.baseAddress, weight: weight.baseAddress))
      }
    }
  }
}
