import CImageCodecs
public import MNNGraph

/// The most pixels that are decoded unless a caller says otherwise.
public let defaultPixelLimit = 1 << 28

/// Reads a PNG or JPEG file.
///
/// - Parameters:
///   - format: the channels wanted; the file's are converted. The default is OpenCV's, `IMREAD_COLOR`.
///   - applyingOrientation: whether the picture is turned as its EXIF data say.
///   - pixelLimit: a picture of more pixels is refused, as a few bytes can claim any size.
/// - Returns: `uint8[height, width, channels]`.
/// - Throws: ``ImageError`` naming the file.
public func imread(
  _ path: String, _ format: PixelFormat = .bgr, applyingOrientation: Bool = true, pixelLimit: Int = defaultPixelLimit
) throws(ImageError) -> Tensor {
  let file: MappedFile
  do throws(GraphError) { file = try MappedFile(path) } catch {
    throw ImageError(.fileUnreadable, error.what, expected: error.expected, found: error.found, file: path)
  }
  do throws(ImageError) {
    return try decode(file.bytes, format, applyingOrientation: applyingOrientation, pixelLimit: pixelLimit)
  } catch {
    var error = error
    error.file = path
    throw error
  }
}

/// Decodes the bytes of a PNG or JPEG file, as ``imread(_:_:applyingOrientation:pixelLimit:)`` does.
public func imdecode(
  _ bytes: [UInt8], _ format: PixelFormat = .bgr, applyingOrientation: Bool = true, pixelLimit: Int = defaultPixelLimit
) throws(ImageError) -> Tensor {
  let result = bytes.withUnsafeBytes { bytes in
    Result { () throws(ImageError) in
      try decode(bytes, format, applyingOrientation: applyingOrientation, pixelLimit: pixelLimit)
    }
  }
  return try result.get()
}

private func decode(
  _ bytes: UnsafeRawBufferPointer, _ format: PixelFormat, applyingOrientation: Bool, pixelLimit: Int
) throws(ImageError) -> Tensor {
  let codec = try ImageCodec(recognizing: bytes)
  let info = try codec.info(bytes)
  let (width, height) = (Int(info.width), Int(info.height))
  let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
  guard !overflow, pixels <= pixelLimit else {
    throw ImageError(
      .imageTooLarge, "the image is too large", expected: "at most \(pixelLimit) pixels",
      found: "\(width) x \(height)", advice: "raise pixelLimit if the file is to be trusted")
  }
  let image = try withMemory { () throws(GraphError) in
    try Tensor(uninitialized: .uint8, shape: [height, width, format.channelCount])
  }
  try codec.decode(bytes, as: format, into: image.mutableBytes)
  guard applyingOrientation, let orientation = EXIF.orientation(in: bytes, of: codec) else { return image }
  return try withMemory { () throws(GraphError) in try image.turned(orientation) }
}

/// What fails in `body` can only be memory: the sizes are checked before.
private func withMemory(_ body: () throws(GraphError) -> Tensor) throws(ImageError) -> Tensor {
  do throws(GraphError) { return try body() } catch {
    throw ImageError(.outOfMemory, error.what, advice: "free memory or read a smaller image")
  }
}
