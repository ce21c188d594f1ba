import CImageCodecs
import MNNGraph

/// The image formats that are read and written, told apart by their first bytes.
enum ImageCodec: String {
  case png = "PNG"
  case jpeg = "JPEG"
  case bmp = "BMP"
  case webp = "WebP"

  /// What the header says, at the fraction asked for.
  struct Info {
    var width: Int
    var height: Int
    /// 1 gray, 2 with alpha, 3 color, 4 with alpha.
    var channels: Int
    var depth: Int
  }

  /// - Throws: ``ImageError/Code/formatUnknown``.
  init(recognizing bytes: UnsafeRawBufferPointer) throws(ImageError) {
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.starts(with: [0x42, 0x4d]) {
      self = .bmp
    } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webp
    } else {
      throw ImageError(
        .formatUnknown, "not an image that can be read", expected: "JPEG, PNG, WebP or BMP",
        found: bytes.isEmpty ? "no bytes" : nil)
    }
  }

  /// - Parameter ext: with its dot, in any case.
  init?(extension ext: String) {
    switch ext.lowercased() {
    case ".png": self = .png
    case ".jpg", ".jpeg", ".jpe": self = .jpeg
    case ".bmp", ".dib": self = .bmp
    case ".webp": self = .webp
    default: return nil
    }
  }

  /// Width, height and channels as the header says.
  ///
  /// - Parameter fraction: 1, or for JPEG 2, 4 or 8: the size when decoded that small.
  func info(_ bytes: UnsafeRawBufferPointer, fraction: Int = 1) throws(ImageError) -> Info {
    var info = ci_info()
    let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    try call("decoded") { message in
      switch self {
      case .png: ci_png_info(base, bytes.count, &info, message)
      case .jpeg: ci_jpeg_info(base, bytes.count, UInt32(fraction), &info, message)
      case .bmp: ci_bmp_info(base, bytes.count, &info, message)
      case .webp: ci_webp_info(base, bytes.count, &info, message)
      }
    }
    return Info(width: Int(info.width), height: Int(info.height), channels: Int(info.channels), depth: Int(info.depth))
  }

  /// Fills `target`, which has the size that ``info(_:fraction:)`` and `format` give.
  func decode(
    _ bytes: UnsafeRawBufferPointer, as format: PixelFormat, keepsDepth: Bool, fraction: Int,
    into target: UnsafeMutableRawBufferPointer
  ) throws(ImageError) {
    let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    try call("decoded") { message in
      switch self {
      case .png: ci_png_decode(base, bytes.count, format.code, keepsDepth ? 1 : 0, out, target.count, message)
      case .jpeg: ci_jpeg_decode(base, bytes.count, format.code, UInt32(fraction), out, target.count, message)
      case .bmp: ci_bmp_decode(base, bytes.count, format.code, out, target.count, message)
      case .webp: ci_webp_decode(base, bytes.count, format.code, out, target.count, message)
      }
    }
  }

  func encode(_ image: Image, _ options: WriteOptions) throws(ImageError) -> [UInt8] {
    var bytes: [UInt8] = []
    let (width, height) = (UInt32(image.width), UInt32(image.height))
    let format = image.channels == 1 ? CI_GRAY : image.channels == 3 ? CI_BGR : CI_BGRA
    let sink: ci_sink = { context, part, count in
      context?.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: UnsafeBufferPointer(start: part, count: count))
      return 1
    }
    try withUnsafeMutablePointer(to: &bytes) { context throws(ImageError) in
      try image.read(UInt8.self) { pixels throws(ImageError) in
        try call("encoded") { message in
          switch self {
          case .png:
            ci_png_encode(
              pixels, width, height, format, image.depth == .uint16 ? 16 : 8, Int32(options.compression), sink, context, message)
          case .jpeg:
            ci_jpeg_encode(
              pixels, width, height, format, Int32(options.quality ?? 95), options.isProgressive ? 1 : 0, sink, context, message)
          case .bmp: ci_bmp_encode(pixels, width, height, format, sink, context, message)
          case .webp: ci_webp_encode(pixels, width, height, format, Float(options.quality ?? 101), sink, context, message)
          }
        }
      }
    }
    return bytes
  }

  /// Turns a status into an error that carries the codec's own words.
  private func call(_ what: String, _ body: (UnsafeMutablePointer<CChar>?) -> ci_status) throws(ImageError) {
    var message = [CChar](repeating: 0, count: Int(CI_MESSAGE_BYTES))
    let status = message.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    if status == CI_OK { return }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if status == CI_OUT_OF_MEMORY { throw ImageError(.outOfMemory, "no memory for the \(rawValue) image to be \(what)") }
    throw ImageError(
      status == CI_TOO_LARGE ? .imageTooLarge : .imageDamaged, "the \(rawValue) image cannot be \(what)", found: text)
  }
}

extension PixelFormat {
  fileprivate var code: ci_format {
    switch self {
    case .gray: CI_GRAY
    case .rgb: CI_RGB
    case .rgba: CI_RGBA
    case .bgr: CI_BGR
    case .bgra: CI_BGRA
    }
  }
}
