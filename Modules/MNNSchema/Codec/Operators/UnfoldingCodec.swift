import MNNGraph

/// Windows of an image as columns: how MNN spells out convolutions over three axes.
enum UnfoldingCodec {
  static let readers: [OperatorReader] = [.one(.Im2Col, columns)]

  /// `[N, C, H, W] -> [N, C·kernel, positions]`: one slice per element of the kernel, side by side.
  private static func columns(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let common = try ConvolutionCodec.kernel(scope.main(Wire.Convolution2D.self))
    guard case .explicit(let before, let after) = ConvolutionCodec.padding(common) else {
      throw FormatError(.operatorUnsupported, "columns of an image whose padding depends on its size")
    }
    let kernel = [Int(common.kernelY), Int(common.kernelX)]
    let strides = [Int(common.strideY), Int(common.strideX)]
    let dilations = [Int(common.dilateY), Int(common.dilateX)]
    let limit = 1 << 12
    guard kernel.allSatisfy({ $0 <= limit }), kernel[0] * kernel[1] <= limit else {
      throw FormatError(.tooLarge, "the kernel is too large", expected: "at most \(limit) elements", found: "\(kernel)")
    }
    let image = try scope.append(Pad(mode: .constant), scope.input(0), scope.constant([0, 0] + before + [0, 0] + after))
    /// Where the positions of a kernel's element begin and end along an axis; ends count from the end.
    func bounds(_ element: Int, _ axis: Int) -> (start: Int, end: Int) {
      let tail = (kernel[axis] - 1 - element) * dilations[axis]
      return (element * dilations[axis], tail == 0 ? Int(Int32.max) : -tail)
    }
    var parts: [Value.ID?] = []
    for y in 0..<kernel[0] {
      for x in 0..<kernel[1] {
        let (rows, columns) = (bounds(y, 0), bounds(x, 1))
        let part = try scope.append(
          Slice(),
          [
            image, scope.constant([rows.start, columns.start]), scope.constant([rows.end, columns.end]),
            scope.constant([2, 3]), scope.constant(strides),
          ])[0]
        parts.append(try scope.append(Unsqueeze(), part, scope.constant([2])))
      }
    }
    let stacked = try scope.append(
      Reshape(), scope.append(Concat(axis: 2), parts)[0], scope.constant([0, 0, 0, -1]))
    let batch = try scope.append(ShapeOf(start: 0, end: 1, dtype: .int32), stacked)
    let positions = try scope.append(ShapeOf(start: 3, end: 4, dtype: .int32), stacked)
    return try scope.append(
      Reshape(), stacked, scope.append(Concat(axis: 0), [batch, scope.constant([-1]), positions])[0])
  }
}
