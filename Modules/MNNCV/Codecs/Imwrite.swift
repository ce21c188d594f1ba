public import MNNExpr
import MNNGraph

/// How a picture is written.
public struct WriteOptions: Sendable, Hashable {
  /// JPEG and WebP: 0...100; nil is 95 for JPEG and lossless for WebP.
  public var quality: Int?
  /// PNG: 0...9.
  public var compression: Int
  /// JPEG: in several passes.
  public var isProgressive: Bool

  public init(quality: Int? = nil, compression: Int = 1, isProgressive: Bool = false) {
    self.quality = quality
    self.compression = compression
    self.isProgressive = isProgressive
  }
}

extension cv {
  /// Writes a picture in the format that the name's extension says, under a temporary name that is then changed.
  ///
  /// - Parameter img: `uint8`, 1, 3 (BGR) or 4 channels; PNG takes `uint16` too. JPEG drops alpha.
  /// - Throws: ``ImageError`` naming the file.
  public static func imwrite(
    _ filename: String, _ img: Variable, _ params: WriteOptions = WriteOptions()
  ) throws(ImageError) {
    let ext = filename.lastIndex(of: ".").map { String(filename[$0...]) } ?? ""
    do throws(ImageError) {
      let bytes = try imencode(ext, img, params)
      do throws(GraphError) { try AtomicFile.write(bytes, to: filename) } catch {
        throw ImageError(.fileUnwritable, error.what, expected: error.expected, found: error.found)
      }
    } catch {
      var error = error
      error.file = filename
      throw error
    }
  }

  /// The bytes of a file of the format that `ext` says: `.png`, `.jpg`, `.jpeg`, `.bmp`, `.webp`.
  public static func imencode(
    _ ext: String, _ img: Variable, _ params: WriteOptions = WriteOptions()
  ) throws(ImageError) -> [UInt8] {
    guard let codec = ImageCodec(extension: ext) else {
      throw ImageError(
        .formatUnknown, "no format is written under this extension", expected: ".png, .jpg, .jpeg, .bmp or .webp",
        found: ext)
    }
    let depths: [DType] = codec == .png ? [.uint8, .uint16] : [.uint8]
    var image = try Image(img, "img", depths: depths)
    guard image.channels != 2, (0...100).contains(params.quality ?? 95), (0...9).contains(params.compression) else {
      throw ImageError(
        .argumentInvalid, "the image cannot be written so",
        expected: "1, 3 or 4 channels, quality 0...100, compression 0...9",
        found: "\(image.type), quality \(params.quality.map(String.init) ?? "default"), compression \(params.compression)")
    }
    if codec == .webp, image.channels == 1 { image = try image.converted(COLOR_GRAY2BGR) }
    return try codec.encode(image, params)
  }

  /// Whether a file can be written in the format that the name's extension says.
  public static func haveImageWriter(_ filename: String) -> Bool {
    guard let dot = filename.lastIndex(of: ".") else { return false }
    return ImageCodec(extension: String(filename[dot...])) != nil
  }
}
