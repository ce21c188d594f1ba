import CImageCodecs
import MNNGraph

/// The image formats that are read, told apart by their first bytes.
enum ImageCodec {
  case png, jpeg

  /// - Throws: ``ImageError/Code/formatUnknown``.
  init(recognizing bytes: UnsafeRawBufferPointer) throws(ImageError) {
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else {
      throw ImageError(
        .formatUnknown, "not an image that can be read", expected: "PNG or JPEG",
        found: bytes.isEmpty ? "no bytes" : nil)
    }
  }

  /// Width, height and channels as the header says.
  func info(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> ci_info {
    var info = ci_info()
    let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    try call { message in
      switch self {
      case .png: ci_png_info(base, bytes.count, &info, message)
      case .jpeg: ci_jpeg_info(base, bytes.count, &info, message)
      }
    }
    return info
  }

  /// Fills `target`, which has the size that ``info(_:)`` and `format` give.
  func decode(
    _ bytes: UnsafeRawBufferPointer, as format: PixelFormat, into target: UnsafeMutableRawBufferPointer
  ) throws(ImageError) {
    let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    try call { message in
      switch self {
      case .png: ci_png_decode(base, bytes.count, format.code, out, target.count, message)
      case .jpeg: ci_jpeg_decode(base, bytes.count, format.code, out, target.count, message)
      }
    }
  }

  /// Turns a status into an error that carries the codec's own words.
  private func call(_ body: (UnsafeMutablePointer<CChar>?) -> ci_status) throws(ImageError) {
    var message = [CChar](repeating: 0, count: Int(CI_MESSAGE_BYTES))
    let status = message.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    if status == CI_OK { return }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let name = self == .png ? "PNG" : "JPEG"
    if status == CI_OUT_OF_MEMORY { throw ImageError(.outOfMemory, "no memory to decode the \(name) image") }
    throw ImageError(.imageDamaged, "the \(name) image cannot be decoded", found: text)
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
