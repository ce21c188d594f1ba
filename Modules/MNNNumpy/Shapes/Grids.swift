import MNNGraph
import MNNKernels

/// Arrays made from rules.
enum Grids {
  static func eye(rows: Int, columns: Int, k: Int, dtype: DType) throws(GraphError) -> Tensor {
    let result = try Tensor.zeros(.float32, [rows, columns])
    let target = result.target(Float.self)
    // Further out, no diagonal meets the matrix.
    let k = min(max(k, -rows), columns)
    for row in max(0, -k)..<max(rows, 0) where row + k < columns { target[row * columns + row + k] = 1 }
    return try result.cast(to: dtype)
  }

  /// Ones on and below a diagonal, zeros above it.
  static func tri(rows: Int, columns: Int, k: Int, dtype: DType) throws(GraphError) -> Tensor {
    let result = try Tensor.zeros(.float32, [rows, columns])
    let target = result.target(Float.self)
    // Further out, no diagonal meets the matrix.
    let k = min(max(k, -rows), columns)
    for row in 0..<(result.count > 0 ? rows : 0) {
      for column in 0..<min(max(row + k + 1, 0), columns) { target[row * columns + column] = 1 }
    }
    return try result.cast(to: dtype)
  }

  /// The elements on one side of a diagonal, zeros on the other.
  static func triangle(_ x: Tensor, k: Int, upper: Bool) throws(GraphError) -> Tensor {
    let x = try x.rank == 1 ? Expanding.broadcast(x, to: [x.count, x.count]) : x
    guard x.rank >= 2 else {
      throw GraphError(.rankMismatch, "a triangle needs an array of at least one dimension", found: "\(x.shape)")
    }
    let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let mask = try makeTensor([rows, columns], of: Bool.self) { target in
      for r in 0..<rows {
        for c in 0..<columns { target[r * columns + c] = upper ? c - r >= k : c - r <= k }
      }
    }
    return try Selecting.select(mask, x, .zeros(x.dtype, []))
  }

  static func diagonalMatrix(_ x: Tensor, k: Int) throws(GraphError) -> Tensor {
    let (size, overflow) = x.count.addingReportingOverflow(k == .min ? .max : abs(k))
    guard !overflow else { throw GraphError(.sizeOverflow, "diagonal out of reach", found: "\(k)") }
    let result = try Tensor.zeros(x.dtype, [size, size])
    var view = Strided(result, shape: x.shape, strides: [size + 1])
    view.offset = k >= 0 ? k : -k * size
    view.assign(x, valueStrides: [1])
    return result
  }

  // MARK: Ranges

  static func arange(_ values: [Tensor], isWhole: Bool, dtype: DType) throws(GraphError) -> Tensor {
    if isWhole {
      let parts = try values.map { (x) throws(GraphError) in Int(try x.scalars(as: Int64.self)[0]) }
      let (start, stop, step) = (parts[0], parts[1], parts[2])
      guard step != 0 else { throw GraphError(.attributeInvalid, "a range's step must not be zero") }
      // As magnitudes, all distances and steps have a place.
      let distance = UInt(bitPattern: step > 0 ? stop &- start : start &- stop)  // wraps: a difference of Int fits UInt
      let isEmpty = step > 0 ? stop <= start : stop >= start
      guard let count = isEmpty ? 0 : Int(exactly: (distance - 1) / step.magnitude).map({ $0 == .max ? .max : $0 + 1 }) else {
        throw GraphError(.sizeOverflow, "the range is too long")
      }
      _ = try checkedElementCount([count])
      return try makeTensor([count], of: Int64.self) { target in
        for i in 0..<count { target[i] = Int64(start &+ i &* step) }
      }.cast(to: dtype)
    }
    let parts = try values.map { (x) throws(GraphError) in try x.scalars(as: Double.self)[0] }
    let (start, step) = (parts[0], parts[2])
    let length = ((parts[1] - start) / step).rounded(.up)
    guard length.isFinite, length < 1e15 else {
      throw GraphError(.sizeOverflow, "arange cannot have that many elements", found: "\(length)")
    }
    let count = max(Int(converting: length), 0)
    // As numpy has it: the distance is that of the first two elements in the type of the result.
    if dtype == .float32 || dtype == .float16 {
      let first = Float(start)
      let distance = Float(start + step) - first
      return try makeTensor([count], of: Float.self) { target in
        for i in 0..<count { target[i] = i == 1 ? Float(start + step) : first + Float(i) * distance }
      }.cast(to: dtype)
    }
    let distance = (start + step) - start
    return try makeTensor([count], of: Double.self) { target in
      for i in 0..<count { target[i] = start + Double(i) * distance }
    }.cast(to: dtype)
  }

  /// Numbers at equal distances along `axis`, as float64.
  static func linspace(
    _ start: Tensor, _ stop: Tensor, _ count: Int, _ endpoint: Bool, axis: Int
  ) throws(GraphError) -> (values: Tensor, step: Tensor) {
    guard count >= 0 else {
      throw GraphError(.attributeInvalid, "number of samples must be non-negative", found: "\(count)")
    }
    let (first, last) = (try start.cast(to: .float64), try stop.cast(to: .float64))
    let shape = try broadcastSizes(first.shape, last.shape)
    let axis = try normalizedAxis(axis, rank: shape.count + 1)
    let (a, b) = (try Expanding.broadcast(first, to: shape), try Expanding.broadcast(last, to: shape))
    let divisor = Double(endpoint ? count - 1 : count)
    let step = try zipped(a, b, Double.self, to: Double.self) { divisor > 0 ? ($1 - $0) / divisor : .nan }
    let inner = a.count
    _ = try checkedElementCount([count, inner])
    let values = try makeTensor([count] + shape, of: Double.self) { target in
      a.read(Double.self) { a in
        b.read(Double.self) { b in
          for i in 0..<(inner > 0 ? count : 0) {
            for j in 0..<inner {
              let distance = b[j] - a[j]
              let gap = distance / divisor
              let value =
                divisor > 0 ? (gap == 0 ? Double(i) / divisor * distance : Double(i) * gap) + a[j] : Double(i) * distance + a[j]
              target[i * inner + j] = endpoint && count > 1 && i == count - 1 ? b[j] : value
            }
          }
        }
      }
    }
    return (try Rearranging.moveAxes(values, from: [0], to: [axis]), step)
  }

  static func geomspace(
    _ start: Tensor, _ stop: Tensor, _ count: Int, _ endpoint: Bool, axis: Int
  ) throws(GraphError) -> Tensor {
    let (a, b) = (try start.cast(to: .float64), try stop.cast(to: .float64))
    let bad = try zipped(a, b, Double.self, to: Bool.self) { $0 == 0 || $1 == 0 || ($0 < 0) != ($1 < 0) }
    guard !(try bad.scalars(as: Bool.self).contains(true)) else {
      throw GraphError(.attributeInvalid, "geometric sequence needs ends of one sign and not zero")
    }
    let sign = try zipped(a, b, Double.self, to: Double.self) { $0 < 0 && $1 < 0 ? -1 : 1 }
    let (low, high) = (
      try mapped(a, Double.self, to: Double.self) { .log10($0.magnitude) },
      try mapped(b, Double.self, to: Double.self) { .log10($0.magnitude) }
    )
    let exponents = try linspace(low, high, count, endpoint, axis: 0).values
    let powers = try mapped(exponents, Double.self, to: Double.self) { .pow(10, $0) }
    let result = try zipped(powers, sign, Double.self, to: Double.self) { $0 * $1 }
    // The ends are exact.
    let inner = sign.count
    let target = result.target(Double.self)
    let (first, last) = (try Expanding.broadcast(a, to: sign.shape), try Expanding.broadcast(b, to: sign.shape))
    if count > 0 {
      for j in 0..<inner {
        target[j] = first.read(Double.self) { $0[j] }
        if endpoint, count > 1 { target[(count - 1) * inner + j] = last.read(Double.self) { $0[j] } }
      }
    }
    return try Rearranging.moveAxes(result, from: [0], to: [axis])
  }
}

extension Tensor {
  /// Equally spaced float64 numbers as `dtype`: whole ones are rounded down.
  func spaced(as dtype: DType) throws(GraphError) -> Tensor {
    dtype.isInteger ? try UnaryMath.apply(.floor, self).cast(to: dtype) : try cast(to: dtype)
  }
}
