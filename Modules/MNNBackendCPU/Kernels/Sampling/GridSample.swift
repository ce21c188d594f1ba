import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Images sampled where a grid says.
final class GridSampleKernel: StatelessKernel<GridSample>, CPUKernel, @unchecked Sendable {
  static func support(_ op: GridSample, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32, request.dtype(1) == .float32 else { return .unsupported("only float32") }
    guard let x = try? request.sizes(0), x.count == 4 else { return .unsupported("only images") }
    let area = [x[2], x[3]].saturatingProduct
    return area > 0 && area < Int(Int32.max) ? .supported : .unsupported("empty or very large images")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (x, result) = (try request.sizes(0), try request.resultSizes())
    let shape = UncheckedBox(
      ck_grid_shape(
        n: x[0], channels: x[1], h: x[2], w: x[3], points: elementCount(Array(result.dropFirst(2))), taps: op.mode.taps,
        padding: op.padding.code, aligns_corners: op.alignsCorners ? 1 : 0))
    return CPULaunch("grid") { arguments throws(RunError) in
      var shape = shape.value
      ck_f32_grid_sample(
        &shape, try arguments.input(0), try arguments.input(1), try arguments.result(0), arguments.threadCount)
    }
  }
}

extension GridSample.Mode {
  fileprivate var taps: Int32 {
    switch self {
    case .nearest: 1
    case .linear: 2
    case .cubic: 4
    }
  }
}

extension GridSample.Padding {
  fileprivate var code: ck_grid_padding {
    switch self {
    case .zeros: CK_GRID_ZEROS
    case .border: CK_GRID_BORDER
    case .reflection: CK_GRID_REFLECTION
    }
  }
}
