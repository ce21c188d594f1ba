import MNNGraph
import MNNKernels

/// An array whose axes carry labels: sums of products run over equal labels.
struct Labelled {
  var view: Strided
  var labels: [Int]

  init(_ tensor: Tensor, _ labels: [Int]) {
    view = Strided(tensor)
    self.labels = labels
  }

  init(view: Strided, labels: [Int]) {
    self.view = view
    self.labels = labels
  }

  func size(_ label: Int) -> Int? { labels.firstIndex(of: label).map { view.shape[$0] } }

  /// The same elements with axes in the order of `order`, which may repeat an axis of size 1 to the size that `sizes` tells.
  func arranged(_ order: [Int], sizes: [Int: Int] = [:]) throws(GraphError) -> Tensor {
    var (shape, strides) = ([Int](), [Int]())
    for label in order {
      guard let axis = labels.firstIndex(of: label) else { continue }
      let size = sizes[label] ?? view.shape[axis]
      shape.append(size)
      strides.append(view.shape[axis] == 1 && size != 1 ? 0 : view.strides[axis])
    }
    return try Strided(view.base, shape: shape, strides: strides, offset: view.offset).tensor()
  }

  /// Repeated labels become the diagonal of their axes.
  func withoutRepeats() throws(GraphError) -> Labelled {
    var (shape, strides, kept) = ([Int](), [Int](), [Int]())
    for (axis, label) in labels.enumerated() {
      if let i = kept.firstIndex(of: label) {
        guard shape[i] == view.shape[axis] else {
          throw GraphError(
            .shapeMismatch, "axes with the same label differ in size", expected: "\(shape[i])", found: "\(view.shape[axis])")
        }
        strides[i] += view.strides[axis]
      } else {
        kept.append(label)
        shape.append(view.shape[axis])
        strides.append(view.strides[axis])
      }
    }
    return Labelled(view: Strided(view.base, shape: shape, strides: strides, offset: view.offset), labels: kept)
  }

  /// Axes whose labels are not wanted, summed up.
  func summing(except wanted: Set<Int>) throws(GraphError) -> Labelled {
    let gone = labels.indices.filter { !wanted.contains(labels[$0]) }
    guard !gone.isEmpty else { return self }
    let dense = try view.tensor()
    let sum = try Sums.sum(dense, axes: gone, keepdims: false, dtype: dense.dtype)
    return Labelled(sum, labels.filter { wanted.contains($0) })
  }
}

enum Contraction {
  /// The sum of products over the labels that are not in `output`; both operands have one type.
  static func contract(_ a: Labelled, _ b: Labelled, output: Set<Int>) throws(GraphError) -> Labelled {
    let a = try a.withoutRepeats().summing(except: output.union(b.labels))
    let b = try b.withoutRepeats().summing(except: output.union(a.labels))
    var sizes: [Int: Int] = [:]
    for label in a.labels {
      guard let x = a.size(label), let y = b.size(label) else { continue }
      guard x == y || x == 1 || y == 1 else {
        throw GraphError(.shapeMismatch, "sizes of summed or shared axes differ", expected: "\(x)", found: "\(y)")
      }
      sizes[label] = max(x == 1 ? y : x, 0)
    }
    let shared = a.labels.filter { b.labels.contains($0) }
    let batch = shared.filter { output.contains($0) }
    let summed = shared.filter { !output.contains($0) }
    let left = a.labels.filter { !b.labels.contains($0) }
    let right = b.labels.filter { !a.labels.contains($0) }
    let x = try a.arranged(batch + left + summed, sizes: sizes)
    let y = try b.arranged(batch + summed + right, sizes: sizes)
    let dims = (
      batch: x.shape.prefix(batch.count).reduce(1, *), rows: x.shape.dropFirst(batch.count).prefix(left.count).reduce(1, *),
      depth: x.shape.suffix(summed.count).reduce(1, *), columns: y.shape.suffix(right.count).reduce(1, *)
    )
    let shape = Array(x.shape.prefix(batch.count + left.count)) + Array(y.shape.suffix(right.count))
    let result = try product(
      x, y, batch: dims.batch, rows: dims.rows, depth: dims.depth, columns: dims.columns, shape: shape)
    return Labelled(result, batch + left + right)
  }

  /// `batch` products of `rows x depth` by `depth x columns` matrices.
  static func product(
    _ x: Tensor, _ y: Tensor, batch: Int, rows: Int, depth: Int, columns: Int, shape: [Int]
  ) throws(GraphError) -> Tensor {
    if x.dtype == .bool {
      let counts = try product(
        x.cast(to: .int32), y.cast(to: .int32), batch: batch, rows: rows, depth: depth, columns: columns, shape: shape)
      return try counts.cast(to: .bool)
    }
    let (a, b) = (try x.lanes(of: x.dtype), try y.lanes(of: y.dtype))
    let size = (batch: batch, rows: rows, depth: depth, columns: columns)
    let result: Tensor
    switch a.dtype {
    case .float32: result = try floats(a, b, size, shape)
    case .float64: result = try general(a, b, size, shape, Double.self) { $0 + $1 * $2 }
    case .int32: result = try general(a, b, size, shape, Int32.self) { $0 &+ $1 &* $2 }
    case .int64: result = try general(a, b, size, shape, Int64.self) { $0 &+ $1 &* $2 }
    default: result = try general(a, b, size, shape, UInt64.self) { $0 &+ $1 &* $2 }
    }
    return try result.cast(to: x.dtype)
  }

  private typealias Size = (batch: Int, rows: Int, depth: Int, columns: Int)

  private static func floats(_ x: Tensor, _ y: Tensor, _ size: Size, _ shape: [Int]) throws(GraphError) -> Tensor {
    if size.depth == 0 || size.rows * size.columns * size.batch == 0 { return try Tensor.zeros(.float32, shape) }
    if size.columns == 1 { return try dots(x, y, size, shape) }
    let result = try Tensor(uninitialized: .float32, shape: shape)
    let layout = ArrayKernels.ProductLayout(
      rows: size.rows, columns: size.columns, depth: size.depth, leftRow: size.depth, leftColumn: 1, rightRow: size.columns,
      rightColumn: 1)
    try ArrayKernels.product(
      layout, batch: size.batch, x.target(Float.self), step: size.rows * size.depth, y.target(Float.self),
      step: size.depth * size.columns, result.target(Float.self))
    withExtendedLifetime((x, y)) {}
    return result
  }

  /// Products with vectors: pieces are added up in float32, the pieces together in float64.
  private static func dots(_ x: Tensor, _ y: Tensor, _ size: Size, _ shape: [Int]) throws(GraphError) -> Tensor {
    let (depth, piece) = (size.depth, 1024)
    return try makeTensor(shape, of: Float.self) { target in
      x.read(Float.self) { x in
        y.read(Float.self) { y in
          for row in 0..<size.batch * size.rows {
            let (a, b) = (x + row * depth, y + row / size.rows * depth)
            var sum = 0.0
            for start in stride(from: 0, to: depth, by: piece) {
              sum += Double(dot(a + start, b + start, min(piece, depth - start)))
            }
            target[row] = Float(sum)
          }
        }
      }
    }
  }

  private static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    let (p, q) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var (s, t) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
    var i = 0
    while i + 16 <= count {
      s +=
        p.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
        * q.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
      t +=
        p.loadUnaligned(fromByteOffset: 4 * i + 32, as: SIMD8<Float>.self)
        * q.loadUnaligned(fromByteOffset: 4 * i + 32, as: SIMD8<Float>.self)
      i += 16
    }
    var sum = (s + t).sum()
    while i < count {
      sum += a[i] * b[i]
      i += 1
    }
    return sum
  }

  @inline(__always)
  private static func general<T: Lane>(
    _ x: Tensor, _ y: Tensor, _ size: Size, _ shape: [Int], _: T.Type, _ add: (T, T, T) -> T
  ) throws(GraphError) -> Tensor {
    let (rows, depth, columns) = (size.rows, size.depth, size.columns)
    return try makeTensor(shape, of: T.self) { target in
      x.read(T.self) { x in
        y.read(T.self) { y in
          for batch in 0..<size.batch {
            let (a, b, c) = (x + batch * rows * depth, y + batch * depth * columns, target + batch * rows * columns)
            for r in 0..<rows {
              let row = c + r * columns
              for j in 0..<columns { row[j] = .zero }
              for k in 0..<depth {
                let factor = a[r * depth + k]
                let line = b + k * columns
                for j in 0..<columns { row[j] = add(row[j], factor, line[j]) }
              }
            }
          }
        }
      }
    }
  }
}
