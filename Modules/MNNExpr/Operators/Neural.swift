import MNNGraph

/// How far a window reaches beyond an image.
public enum PaddingMode: String, Sendable, Hashable, CaseIterable {
  /// Not at all, whatever the padding says, as in MNN.
  case valid
  /// As much as makes the result `ceil(size / stride)`.
  case same
  /// As much as the padding says.
  case caffe
}

/// Layers of networks on images and rows.
extension expr {
  /// Convolution of an image.
  ///
  /// - Parameters:
  ///   - input: `[n, c, h, w]`, or `[n, h, w, c]` if its format is ``DataFormat/NHWC``.
  ///   - weight: `[oc, c / group, kh, kw]`.
  ///   - bias: `[oc]`; nil for none.
  ///   - stride: along width and height, in MNN's order.
  ///   - padding: on both sides along width and height, or top, left, bottom and right; only with ``PaddingMode/caffe``.
  ///   - dilate: along width and height.
  public static func conv2d(
    _ input: Variable, weight: Variable, bias: Variable? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
    dilate: [Int] = [1, 1], group: Int = 1, paddingMode: PaddingMode = .valid
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let op = Convolution(
        strides: stride.reversed(), dilations: dilate.reversed(), groups: group,
        padding: try spatialPadding(padding, paddingMode))
      return Variable.apply(op, [input.channelsFirst, weight, bias], constants: [1, 2])
    }
  }

  /// The transpose of a convolution of an image.
  ///
  /// - Parameters:
  ///   - weight: `[c, oc / group, kh, kw]`.
  ///   - others: as ``conv2d(_:weight:bias:stride:padding:dilate:group:paddingMode:)`` has them.
  public static func conv2dTranspose(
    _ input: Variable, weight: Variable, bias: Variable? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
    dilate: [Int] = [1, 1], group: Int = 1, paddingMode: PaddingMode = .valid
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let op = ConvolutionTranspose(
        strides: stride.reversed(), dilations: dilate.reversed(), groups: group,
        padding: try spatialPadding(padding, paddingMode))
      return Variable.apply(op, [input.channelsFirst, weight, bias], constants: [1, 2])
    }
  }

  /// The largest of a window that slides over an image; sizes along width and height, in MNN's order.
  public static func maxPool(
    _ x: Variable, kernel: [Int], stride: [Int], paddingMode: PaddingMode = .valid, pads: [Int] = [0, 0]
  ) -> Variable {
    pool(.maximum, x, kernel, stride, paddingMode, pads)
  }

  /// The mean of a window that slides over an image; what lies outside counts as 0 with ``PaddingMode/caffe``, and not at all with
  /// ``PaddingMode/same``. Sizes along width and height, in MNN's order.
  public static func avgPool(
    _ x: Variable, kernel: [Int], stride: [Int], paddingMode: PaddingMode = .valid, pads: [Int] = [0, 0]
  ) -> Variable {
    pool(.average, x, kernel, stride, paddingMode, pads)
  }

  private static func pool(
    _ function: Pool.Function, _ x: Variable, _ kernel: [Int], _ stride: [Int], _ mode: PaddingMode, _ pads: [Int]
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let op = Pool(
        function, kernel: kernel.reversed(), strides: stride.reversed(), padding: try spatialPadding(pads, mode),
        countsPadding: function == .average && mode == .caffe)
      return Variable.apply(op, [image])
    }
  }

  private static func spatialPadding(_ padding: [Int], _ mode: PaddingMode) throws(ExprError) -> SpatialPadding {
    switch (mode, padding.count) {
    case (.same, _): return .sameUpper
    case (.valid, _), (_, 0): return .none
    case (_, 2): return .explicit(before: padding.reversed(), after: padding.reversed())
    case (_, 4): return .explicit(before: [padding[0], padding[1]], after: [padding[2], padding[3]])
    default: throw ExprError(.argumentInvalid, "bad padding", expected: "two or four numbers", found: "\(padding)")
    }
  }

  /// `x * scale + bias`, with one of each per channel.
  public static func scale(_ x: Variable, channels: Int, scale: [Float], bias: [Float]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      guard scale.count == channels, bias.count == channels else {
        throw ExprError(
          .argumentInvalid, "bad number of factors", expected: "\(channels) of each", found: "\(scale.count) and \(bias.count)")
      }
      let rank = try image.rank
      return image * perChannel(scale, rank) + perChannel(bias, rank)
    }
  }

  private static func perChannel(_ values: [Float], _ rank: Int) -> Variable {
    Variable(values, shape: [1, values.count] + [Int](repeating: 1, count: max(0, rank - 2)))
  }

  /// `x` above 0, `slope * x` below.
  public static func relu(_ x: Variable, slope: Float = 0) -> Variable {
    slope == 0 ? Variable.unary(.relu, x) : Variable.unary(.leakyRelu(slope: slope), x)
  }

  /// Kept between two bounds.
  public static func relu6(_ x: Variable, min: Float = 0, max: Float = 6) -> Variable {
    Variable.apply(Unary(.clip(minimum: min, maximum: max)), [x])
  }

  /// `x` above 0, below it times the slope of its channel; one slope for all channels will do.
  public static func prelu(_ x: Variable, slopes: [Float]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let rank = try image.rank
      return Variable.apply(
        ParametricRelu(), [image, slopes.count == 1 ? Variable(slopes, shape: []) : perChannel(slopes, rank)], constants: [1])
    }
  }

  /// `exp(x) / Σexp(x)` along an axis.
  public static func softmax(_ x: Variable, axis: Int = -1) -> Variable { Variable.apply(Softmax(axis: axis), [x]) }

  /// The logarithm of ``softmax(_:axis:)``.
  public static func logSoftmax(_ x: Variable, axis: Int = -1) -> Variable { Variable.apply(LogSoftmax(axis: axis), [x]) }

  /// `x` above 0, `alpha * (exp(x) - 1)` below.
  public static func elu(_ x: Variable, alpha: Float = 1) -> Variable { Variable.unary(.elu(alpha: alpha), x) }

  /// `scale * x` above 0, `scale * alpha * (exp(x) - 1)` below.
  public static func selu(_ x: Variable, scale: Float = 1.050_701, alpha: Float = 1.673_263_2) -> Variable {
    Variable.unary(.selu(alpha: alpha, gamma: scale), x)
  }

  /// Rows divided by their length: over all of an image, or over the channels of each pixel, then times `scale`.
  ///
  /// - Parameters:
  ///   - acrossSpatial: not 0: one length per image.
  ///   - channelShared: not 0: one factor for all channels.
  ///   - eps: what is added to the sum of squares.
  public static func normalize(
    _ x: Variable, acrossSpatial: Int, channelShared: Int, eps: Float, scale: [Float]
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let shape = try image.shape
      guard shape.count >= 2, scale.count == (channelShared != 0 ? 1 : shape[1]) else {
        throw ExprError(
          .argumentInvalid, "bad number of factors", expected: "one per channel of \(shape)", found: "\(scale.count)")
      }
      let axes = acrossSpatial != 0 ? Array(1..<shape.count) : [1]
      let length = sqrt(reduceSum(square(image), axes: axes, keepingDims: true) + eps)
      return image / length * (channelShared != 0 ? Variable(scale, shape: []) : perChannel(scale, shape.count))
    }
  }

  /// Normalized over the last axes to mean 0 and variance 1, times `gamma`, plus `beta`.
  public static func layerNorm(
    _ x: Variable, gamma: Variable? = nil, beta: Variable? = nil, axis: Int = -1, epsilon: Float = 1e-5
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let shape = try x.shape
      let first = try asExprError { () throws(GraphError) in try normalizedAxis(axis, rank: shape.count) }
      let dtype = try x.dtype
      let ones =
        gamma
        ?? Variable { () throws(GraphError) in
          try Tensor(
            shape: Array(shape[first...]), scalars: [Float](repeating: 1, count: checkedElementCount(Array(shape[first...])))
          )
          .converted(to: dtype)
        }
      return Variable.apply(LayerNorm(axis: axis, epsilon: epsilon), [x, ones, beta], constants: [1, 2])
    }
  }

  /// The product of matrices in the last two axes; the others broadcast.
  public static func matmul(
    _ a: Variable, _ b: Variable, transposeA: Bool = false, transposeB: Bool = false
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let (x, y) = try Variable.promoted(a, b)
      return Variable.apply(MatMul(transposesA: transposeA, transposesB: transposeB), [x, y])
    }
  }
}
