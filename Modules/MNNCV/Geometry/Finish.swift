import CKernels
import MNNExpr
import MNNGraph

/// What becomes of the pixels of a result: other colors, then numbers `(value - mean) * norm`.
struct Finish: Sendable {
  var code: ColorConversion?
  /// Per channel of the result, or one for all; none stands for 0 and for 1.
  var mean: [Float] = []
  var norm: [Float] = []

  static let nothing = Finish()

  var isNothing: Bool { code == nil && mean.isEmpty && norm.isEmpty }
  /// Whether the colors of a row depend on that row alone.
  var isByRow: Bool {
    let planar: [ColorSpace] = [.i420, .yv12, .nv12, .nv21]
    return code.map { !planar.contains($0.source) && !planar.contains($0.target) } ?? true
  }

  func applied(to image: Image) throws(ImageError) -> Image {
    let image = try code.map { (code) throws(ImageError) in try image.converted(code) } ?? image
    if mean.isEmpty, norm.isEmpty { return image }
    let (means, norms) = (try spread(mean, "mean", 0, image.channels), try spread(norm, "norm", 1, image.channels))
    let shifts = zip(means, norms).map { -$0 * $1 }
    let result = try image.like(depth: .float32)
    let channels = Int32(image.channels)
    if image.depth == .uint8 {
      image.read(UInt8.self) {
        kernels.normalize_u8($0, channels, [0, 1, 2, 3], norms, shifts, result.write(Float.self), channels, 0, image.pixelCount)
      }
    } else {
      image.read(Float.self) { ck_image_normalize_f32($0, channels, norms, shifts, result.write(Float.self), image.pixelCount) }
    }
    return result
  }

  private func spread(_ values: [Float], _ name: String, _ neutral: Float, _ count: Int) throws(ImageError) -> [Float] {
    guard [0, 1, count].contains(values.count) else {
      throw ImageError(
        .argumentInvalid, "\(name) does not fit", expected: count == 1 ? "one number" : "1 or \(count) numbers",
        found: "\(values.count)")
    }
    return values.count == count ? values : [Float](repeating: values.first ?? neutral, count: count)
  }
}

/// Takes the rows of a new image one after another, and finishes each while it is in the cache.
struct RowSink {
  let result: Image
  private let finish: Finish
  /// Where unfinished rows are written: a single row, or the result if nothing becomes of them.
  private let rows: Image

  /// - Parameter form: what an unfinished image is like but for its size.
  init(_ form: Image, height: Int, width: Int, finish: Finish = .nothing) throws(ImageError) {
    self.finish = finish
    if finish.isNothing {
      result = try form.like(height: height, width: width)
      rows = result
      return
    }
    rows = try form.like(height: 1, width: width)
    // A trial says what a row becomes, and whether that can be.
    let trial = try finish.applied(to: rows.zeroed())
    result = try Image(uninitialized: trial.depth, height, width, trial.channels, isFlat: trial.isFlat)
  }

  var height: Int { result.height }
  var width: Int { result.width }
  /// Elements of an unfinished row.
  var stride: Int { rows.stride }

  /// Writes row `y`, of elements of `type`, by `body`.
  func row<T>(_ y: Int, _ type: T.Type, _ body: (UnsafeMutablePointer<T>) -> Void) throws(ImageError) {
    try bytes(ofRow: y) { bytes in
      body(UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: T.self))
    }
  }

  /// Writes row `y`, of any elements, by `body`.
  func bytes(ofRow y: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) throws(ImageError) {
    guard !finish.isNothing else { return body(result.write(UInt8.self) + y * result.stride * result.depth.byteCount) }
    body(rows.write(UInt8.self))
    let finished = try finish.applied(to: rows)
    let size = result.stride * result.depth.byteCount
    finished.read(UInt8.self) { (result.write(UInt8.self) + y * size).update(from: $0, count: size) }
  }
}
