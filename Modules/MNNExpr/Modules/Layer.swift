import MNNGraph

/// A function of one variable with parameters of its own.
public struct Layer: Sendable {
  /// Weights and what else the function was made with, by name.
  public var parameters: [String: Variable]
  private let body: @Sendable (Variable, [String: Variable]) -> Variable

  public init(parameters: [String: Variable] = [:], _ body: @escaping @Sendable (Variable, [String: Variable]) -> Variable) {
    self.parameters = parameters
    self.body = body
  }

  public func callAsFunction(_ x: Variable) -> Variable { body(x, parameters) }
}

extension nn {
  /// A convolution of images, ``expr/conv2d(_:weight:bias:stride:padding:dilate:group:paddingMode:)``, with random weights.
  ///
  /// - Parameters:
  ///   - kernelSize: width and height, in MNN's order.
  ///   - depthwise: one filter per channel; `inChannel` and `outChannel` are then equal.
  public static func conv(
    inChannel: Int, outChannel: Int, kernelSize: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0],
    dilation: [Int] = [1, 1], depthwise: Bool = false, bias: Bool = true, paddingMode: PaddingMode = .caffe
  ) -> Layer {
    let perGroup = depthwise ? 1 : inChannel
    var parameters: [String: Variable] = [:]
    if kernelSize.count == 2, inChannel > 0, outChannel > 0, kernelSize.allSatisfy({ $0 > 0 }),
      !depthwise || inChannel == outChannel
    {
      let shape = [outChannel, perGroup, kernelSize[1], kernelSize[0]]
      parameters["weight"] = uniform(shape, fanIn: perGroup * kernelSize[0] * kernelSize[1])
      if bias { parameters["bias"] = zeros([outChannel]) }
    } else {
      parameters["weight"] = Variable(
        failed: ExprError(
          .argumentInvalid, "bad sizes of a convolution", expected: "channels and two kernel sizes above 0",
          found: "\(inChannel) to \(outChannel), \(kernelSize)"))
    }
    return Layer(parameters: parameters) { x, parameters in
      expr.conv2d(
        x, weight: parameters["weight"] ?? Variable([Float]()), bias: parameters["bias"], stride: stride, padding: padding,
        dilate: dilation, group: depthwise ? inChannel : 1, paddingMode: paddingMode)
    }
  }

  /// A product with random weights, `[…, inputLength]` to `[…, outputLength]`.
  public static func linear(_ inputLength: Int, _ outputLength: Int, bias: Bool = true) -> Layer {
    var parameters = ["weight": uniform([outputLength, inputLength], fanIn: inputLength)]
    if bias { parameters["bias"] = zeros([outputLength]) }
    return Layer(parameters: parameters) { x, parameters in
      let product = expr.matmul(x, parameters["weight"] ?? Variable([Float]()), transposeB: true)
      return parameters["bias"].map { product + $0 } ?? product
    }
  }

  /// Normalization with one mean and variance per channel, 0 and 1 until they are set.
  ///
  /// - Parameters:
  ///   - dims: the number of axes of what is normalized.
  ///   - momentum: there for MNN's sake: nothing is trained here.
  public static func batchNorm(_ channels: Int, dims: Int = 4, momentum: Float = 0.99, epsilon: Float = 1e-5) -> Layer {
    let parameters = [
      "scale": ones([channels]), "bias": zeros([channels]), "mean": zeros([channels]), "variance": ones([channels]),
    ]
    return Layer(parameters: parameters) { x, parameters in
      let operands = ["scale", "bias", "mean", "variance"].map { parameters[$0] }
      return Variable.apply(
        BatchNormalization(epsilon: epsilon), [x.convert(to: .NC4HW4)] + operands, constants: [1, 2, 3, 4])
    }
  }

  /// What it is given: dropping elements belongs to training.
  public static func dropout(_ dropRatio: Float) -> Layer { Layer { x, _ in x } }

  private static func zeros(_ shape: [Int]) -> Variable {
    Variable { () throws(GraphError) in try Tensor.zeros(.float32, shape) }
  }

  private static func ones(_ shape: [Int]) -> Variable { zeros(shape) + 1 }

  private static func uniform(_ shape: [Int], fanIn: Int) -> Variable {
    let bound = 1 / Float(max(1, fanIn)).squareRoot()
    return expr.randomUniform(shape, low: -bound, high: bound, seed0: 0, seed1: 0)
  }
}
