import CKernels
public import MNNExpr
import MNNGraph

/// What a model wants of a picture: size, channels, and numbers.
public struct ModelInput: Sendable, Hashable {
  public enum Layout: Sendable, Hashable, CaseIterable {
    /// `[1, channels, height, width]` and `[1, height, width, channels]`.
    case nchw, nhwc
  }

  public var width: Int
  public var height: Int
  public var format: PixelFormat
  /// A value of the result is `(byte - mean) * norm`, per channel; one number holds for all.
  public var mean: [Float]
  public var norm: [Float]
  public var interpolation: Interpolation
  public var layout: Layout

  public init(
    width: Int, height: Int, format: PixelFormat = .rgb, mean: [Float] = [0], norm: [Float] = [1],
    interpolation: Interpolation = .linear, layout: Layout = .nchw
  ) {
    self.width = width
    self.height = height
    self.format = format
    self.mean = mean
    self.norm = norm
    self.interpolation = interpolation
    self.layout = layout
  }
}

extension cv {
  /// Reads a file as a model wants it: decoded, resized, its channels arranged, normalized.
  ///
  /// A JPEG that is more than twice as large as the model's input is decoded at 1/2, 1/4 or 1/8 of its size, as near above
  /// the input's as that gets, which is what makes this fast: the transform of a block gives the mean of its pixels at once.
  /// The picture is then smoother than a full one shrunk by ``INTER_LINEAR``, which skips pixels; `fullDecoding` gives that.
  ///
  /// - Returns: `float32[1, channels, height, width]`, or as the layout says.
  public static func imread(
    _ filename: String, for input: ModelInput, fullDecoding: Bool = false, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) -> Variable {
    try withFile(filename) { bytes throws(ImageError) in
      let whole = try Picture(bytes)
      var reduction = 1
      if whole.codec == .jpeg, !fullDecoding {
        while reduction < 8, whole.info.width >= 2 * reduction * input.width, whole.info.height >= 2 * reduction * input.height {
          reduction *= 2
        }
      }
      let picture = reduction == 1 ? whole : try Picture(bytes, reduction)
      let colors: PixelFormat = input.format == .gray ? .gray : input.format.channelCount == 4 ? .bgra : .bgr
      return try picture.decoded(ReadMode(colors), pixelLimit: pixelLimit).prepared(for: input).variable
    }
  }

  /// An image in memory as a model wants it; see ``imread(_:for:fullDecoding:pixelLimit:)``.
  ///
  /// - Parameter src: `uint8`, of 1 (gray), 3 (BGR) or 4 (BGRA) channels.
  public static func resize(_ src: Variable, for input: ModelInput) throws(ImageError) -> Variable {
    let image = try Image(src, depths: [.uint8])
    guard image.channels != 2 else {
      throw ImageError(.argumentInvalid, "src has no colors", expected: "1, 3 or 4 channels", found: "\(image.type)")
    }
    return try image.prepared(for: input).variable
  }
}

extension Image {
  fileprivate func prepared(for input: ModelInput) throws(ImageError) -> Prepared {
    let wanted = input.format.channelCount
    func spread(_ values: [Float], _ name: String) throws(ImageError) -> [Float] {
      guard values.count == 1 || values.count == wanted else {
        throw ImageError(.argumentInvalid, "\(name) does not fit", expected: "1 or \(wanted) numbers", found: "\(values.count)")
      }
      return values.count == 1 ? [Float](repeating: values[0], count: wanted) : values
    }
    let (mean, norm) = (try spread(input.mean, "mean"), try spread(input.norm, "norm"))
    var image = try resized(input.width, input.height, input.interpolation)
    // One or four channels are arranged by cvtColor; three in the pass that normalizes.
    if image.channels == 1, wanted > 1 { image = try image.converted(cv.COLOR_GRAY2BGR) }
    if wanted == 1, image.channels > 1 { image = try image.converted(cv.COLOR_BGR2GRAY) }
    if wanted == 4, image.channels == 3 { image = try image.converted(cv.COLOR_BGR2BGRA) }
    let isRed = input.format == .rgb || input.format == .rgba
    let order: [Int32] = wanted == 1 ? [0] : (isRed ? [2, 1, 0, 3] : [0, 1, 2, 3])
    let shape = input.layout == .nchw ? [1, wanted, input.height, input.width] : [1, input.height, input.width, wanted]
    let result = try inMemory { () throws(GraphError) in try Tensor(uninitialized: .float32, shape: shape) }
    let offset = (0..<wanted).map { -mean[$0] * norm[$0] }
    let target = result.unsafeMutable(as: Float.self)
    image.read(UInt8.self) {
      guard let target = target.baseAddress else { return }
      kernels.normalize_u8(
        $0, Int32(image.channels), order, norm, offset, target, Int32(wanted),
        input.layout == .nchw ? image.pixelCount : 0, image.pixelCount)
    }
    return Prepared(tensor: result, layout: input.layout)
  }

  fileprivate struct Prepared {
    let tensor: Tensor
    let layout: ModelInput.Layout
    var variable: Variable { Variable(tensor, format: layout == .nchw ? .NCHW : .NHWC) }
  }
}
