import CKernels
import MNNExpr
import MNNGraph

/// A tensor that has been checked to be an image: rows of pixels whose channels lie next to each other.
struct Image {
  let tensor: Tensor
  let height: Int
  let width: Int
  let channels: Int
  /// Whether it came without an axis of channels.
  let isFlat: Bool

  var depth: DType { tensor.dtype }
  var type: TensorType { tensor.type }
  var pixelCount: Int { height * width }
  /// Elements of a row.
  var stride: Int { width * channels }

  /// Checks that `tensor` is an image of one of `depths` and of a number of channels in `channels`.
  init(
    _ tensor: Tensor, _ name: String = "src", depths: [DType] = [.uint8, .float32],
    channels allowed: ClosedRange<Int> = 1...4
  ) throws(ImageError) {
    let shape = tensor.shape
    guard shape.count == 2 || shape.count == 3, depths.contains(tensor.dtype), !shape.contains(0),
      allowed.contains(shape.count == 2 ? 1 : shape[2])
    else {
      let count =
        allowed.lowerBound == allowed.upperBound ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw ImageError(
        .argumentInvalid, "\(name) is not an image that is accepted here",
        expected: "\(depths.map(\.description).joined(separator: " or "))[height, width, \(count) channels], not empty",
        found: "\(tensor.type)")
    }
    // C wants elements where their type lies; a tensor borrowed from a file may be elsewhere.
    let isAligned = Int(bitPattern: tensor.storage.base + tensor.byteOffset) % tensor.dtype.byteCount == 0
    self.tensor = isAligned ? tensor : try inMemory { () throws(GraphError) in try tensor.copied() }
    (height, width, self.channels) = (shape[0], shape[1], shape.count == 2 ? 1 : shape[2])
    isFlat = shape.count == 2
    guard height <= Int(Int32.max) / 2, width <= Int(Int32.max) / (2 * self.channels) else {
      throw ImageError(.imageTooLarge, "\(name) is too large", expected: "axes below 2^30", found: "\(tensor.type)")
    }
  }

  /// Checks that the contents of `variable` are such an image.
  init(
    _ variable: Variable, _ name: String = "src", depths: [DType] = [.uint8, .float32],
    channels: ClosedRange<Int> = 1...4
  ) throws(ImageError) {
    try self.init(contents(variable, name), name, depths: depths, channels: channels)
  }

  /// The image for users, in the order of its axes.
  var variable: Variable { Variable(tensor, format: .NHWC) }

  /// A new image whose elements are yet to be written. It is flat if it can be and `isFlat` says so.
  init(uninitialized depth: DType, _ height: Int, _ width: Int, _ channels: Int, isFlat: Bool) throws(ImageError) {
    guard 1...(1 << 30) ~= height, 1...(1 << 30) ~= width else {
      throw ImageError(
        .argumentInvalid, "the size of the result is not one", expected: "1 to 2^30", found: "\(width) x \(height)")
    }
    self.isFlat = isFlat && channels == 1
    let shape = self.isFlat ? [height, width] : [height, width, channels]
    tensor = try inMemory { () throws(GraphError) in try Tensor(uninitialized: depth, shape: shape) }
    (self.height, self.width, self.channels) = (height, width, channels)
  }

  /// A new image of this one's form, in parts another.
  func like(
    depth: DType? = nil, height: Int? = nil, width: Int? = nil, channels: Int? = nil
  ) throws(ImageError) -> Image {
    try Image(
      uninitialized: depth ?? self.depth, height ?? self.height, width ?? self.width, channels ?? self.channels,
      isFlat: isFlat)
  }

  /// The elements, valid during `body`.
  func read<T, R, E: Error>(_ type: T.Type, _ body: (UnsafePointer<T>) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(tensor.storage) {} }
    return try body(UnsafePointer((tensor.storage.base + tensor.byteOffset).assumingMemoryBound(to: T.self)))
  }

  /// The elements of a new image, for writing while nothing else sees it.
  func write<T>(_ type: T.Type) -> UnsafeMutablePointer<T> {
    (tensor.storage.base + tensor.byteOffset).assumingMemoryBound(to: T.self)
  }

  /// The elements as another type, rounded to nearest and cut off at its ends.
  func converted(to depth: DType) throws(ImageError) -> Image {
    if depth == self.depth { return self }
    let result = try like(depth: depth)
    switch (self.depth, depth) {
    case (.uint8, .float32):
      read(UInt8.self) { kernels.convert_u8_f32($0, result.write(Float.self), pixelCount * channels) }
    case (.float32, .uint8):
      read(Float.self) { kernels.convert_f32_u8($0, result.write(UInt8.self), pixelCount * channels) }
    default:
      throw ImageError(
        .argumentInvalid, "this depth is not supported here", expected: "uint8 or float32", found: "\(depth)")
    }
    return result
  }
}

extension Tensor {
  /// The same elements in memory of their own.
  func copied() throws(GraphError) -> Tensor {
    let result = try Tensor(uninitialized: dtype, shape: shape)
    withUnsafeBytes { result.mutableBytes.copyMemory(from: $0) }
    return result
  }
}

/// What a variable holds; computing it may fail.
func contents(_ variable: Variable, _ name: String) throws(ImageError) -> Tensor {
  do throws(ExprError) { return try variable.tensor() } catch {
    throw ImageError(
      .variableFailed, "\(name) has no contents: \(error.what)", expected: error.expected, found: error.found,
      advice: error.advice)
  }
}

/// A variable of `scalars`.
func array<T: TensorScalar>(_ shape: [Int], _ scalars: [T]) throws(ImageError) -> Variable {
  Variable(try inMemory { () throws(GraphError) in try Tensor(shape: shape, scalars: scalars) })
}

/// What fails in `body` can only be memory: sizes are checked before.
func inMemory<R>(_ body: () throws(GraphError) -> R) throws(ImageError) -> R {
  do throws(GraphError) { return try body() } catch {
    throw ImageError(.outOfMemory, error.what, advice: error.advice ?? "free memory or use a smaller image")
  }
}

/// Bytes for working, from the allocator that throws.
struct Scratch<T> {
  private let storage: TensorStorage
  let count: Int

  init(_ count: Int) throws(ImageError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
    storage = try inMemory { () throws(GraphError) in
      try TensorStorage.allocate(byteCount: overflow ? Int.max - 4096 : bytes)
    }
    self.count = count
  }

  func use<R, E: Error>(_ body: (UnsafeMutablePointer<T>) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.base.assumingMemoryBound(to: T.self))
  }
}
