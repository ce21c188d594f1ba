public import MNNExpr
import MNNGraph

extension cv {
  /// The most pixels that are decoded unless a caller says otherwise.
  public static let defaultPixelLimit = 1 << 28

  /// Reads a JPEG, PNG, WebP or BMP file.
  ///
  /// - Parameters:
  ///   - flag: what the picture becomes, ``IMREAD_COLOR`` unless said otherwise.
  ///   - pixelLimit: a picture of more pixels is refused, as a few bytes can claim any size.
  /// - Returns: `uint8[height, width, channels]`.
  /// - Throws: ``ImageError`` naming the file.
  public static func imread(
    _ filename: String, _ flag: ReadMode = .color, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) -> Variable {
    try withFile(filename) { bytes throws(ImageError) in
      try Picture(bytes, flag.reduction).decoded(flag, pixelLimit: pixelLimit).variable
    }
  }

  /// Decodes the bytes of a file in memory, as ``imread(_:_:pixelLimit:)`` does.
  public static func imdecode(
    _ buf: [UInt8], _ flag: ReadMode = .color, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) -> Variable {
    let result = buf.withUnsafeBytes { bytes in
      Result { () throws(ImageError) in
        try Picture(bytes, flag.reduction).decoded(flag, pixelLimit: pixelLimit).variable
      }
    }
    return try result.get()
  }

  /// Whether the file can be opened and begins as a format that is read.
  public static func haveImageReader(_ filename: String) -> Bool {
    (try? withFile(filename) { bytes throws(ImageError) in try ImageCodec(recognizing: bytes) }) != nil
  }

  static func withFile<R>(
    _ filename: String, _ body: (UnsafeRawBufferPointer) throws(ImageError) -> R
  ) throws(ImageError) -> R {
    let file: MappedFile
    do throws(GraphError) { file = try MappedFile(filename, smallestMapping: .max) } catch {
      throw ImageError(.fileUnreadable, error.what, expected: error.expected, found: error.found, file: filename)
    }
    defer { withExtendedLifetime(file) {} }
    do throws(ImageError) { return try body(file.bytes) } catch {
      var error = error
      error.file = filename
      throw error
    }
  }
}

/// A file in memory whose header is read.
struct Picture {
  let bytes: UnsafeRawBufferPointer
  let codec: ImageCodec
  let info: ImageCodec.Info
  /// At which fraction the size in ``info`` is: that asked for where the codec can decode small, otherwise 1.
  let fraction: Int
  let reduction: Int

  init(_ bytes: UnsafeRawBufferPointer, _ reduction: Int = 1) throws(ImageError) {
    guard [1, 2, 4, 8].contains(reduction) else {
      throw ImageError(.argumentInvalid, "no such reduction", expected: "1, 2, 4 or 8", found: "\(reduction)")
    }
    self.bytes = bytes
    self.reduction = reduction
    codec = try ImageCodec(recognizing: bytes)
    fraction = codec == .jpeg ? reduction : 1
    info = try codec.info(bytes, fraction: fraction)
  }

  func decoded(_ mode: ReadMode, pixelLimit: Int) throws(ImageError) -> Image {
    let (pixels, overflow) = info.width.multipliedReportingOverflow(by: info.height)
    guard !overflow, pixels <= pixelLimit else {
      throw ImageError(
        .imageTooLarge, "the image is too large", expected: "at most \(pixelLimit) pixels",
        found: "\(info.width) x \(info.height)", advice: "raise pixelLimit if the file is to be trusted")
    }
    let format = mode.format ?? (info.channels == 1 ? .gray : info.channels == 3 ? .bgr : .bgra)
    let depth: DType = mode.keepsDepth && info.depth == 16 ? .uint16 : .uint8
    var image = try Image(uninitialized: depth, info.height, info.width, format.channelCount, isFlat: false)
    try codec.decode(
      bytes, as: format, keepsDepth: depth == .uint16, fraction: fraction,
      into: UnsafeMutableRawBufferPointer(start: image.write(UInt8.self), count: image.tensor.byteCount))
    if mode.format == nil, info.channels == 2 {
      let tensor = try inMemory { () throws(GraphError) in try image.tensor.grayAndAlpha() }
      image = try Image(tensor, depths: [depth])
    }
    if reduction > fraction, depth == .uint8 {
      image = try image.resized(
        max(1, image.width / reduction), max(1, image.height / reduction), .area)
    }
    guard mode.appliesOrientation, let orientation = EXIF.orientation(in: bytes, of: codec) else { return image }
    let turned = try inMemory { () throws(GraphError) in try image.tensor.turned(orientation) }
    return try Image(turned, depths: [depth])
  }
}
