public import MNNExpr
public import MNNGraph

extension np {
  /// An array of nested literals, numbers or arrays: `np.array([[1.0, 2.0], [3.0, 4.0]])`.
  ///
  /// Numbers with a point that are written in the source make float32, whole ones int32, unless `dtype` says otherwise; variables
  /// and arrays of Swift keep their type (`[Double]` gives float64, `[Int]` int64). Missing leading axes are added up to `ndmin`.
  public static func array(_ object: Variable, dtype: DType? = nil, ndmin: Int = 0) -> Variable {
    .make { () throws(GraphError) in
      guard ndmin <= 64 else {
        throw GraphError(.limitExceeded, "too many axes", expected: "at most 64", found: "\(ndmin)")
      }
      let x: Tensor
      if let dtype { x = try object.contents(as: dtype) } else { x = try object.contents() }
      return try x.reshaped([Int](repeating: 1, count: Swift.max(Swift.max(ndmin, 0) - x.rank, 0)) + x.shape)
    }
  }

  /// The array itself, in type `dtype`.
  public static func asarray(_ a: Variable, dtype: DType? = nil) -> Variable { array(a, dtype: dtype) }
  /// As ``asarray(_:dtype:)``: memory is always in row-major order.
  public static func ascontiguousarray(_ a: Variable, dtype: DType? = nil) -> Variable { array(a, dtype: dtype, ndmin: 1) }
  /// The array in floating point.
  public static func asfarray(_ a: Variable, dtype: DType = .float32) -> Variable { array(a, dtype: dtype) }
  /// The array with two axes.
  public static func mat(_ a: Variable, dtype: DType? = nil) -> Variable { matrix(a, dtype: dtype) }
  /// The array with two axes.
  public static func asmatrix(_ a: Variable, dtype: DType? = nil) -> Variable { matrix(a, dtype: dtype) }
  /// The array with two axes.
  public static func matrix(_ a: Variable, dtype: DType? = nil) -> Variable {
    a.map { x throws(GraphError) in
      guard x.rank <= 2 else { throw GraphError(.rankMismatch, "matrix must be 2-dimensional", found: "\(x.shape)") }
      return try x.cast(to: dtype ?? x.dtype).reshaped([Int](repeating: 1, count: 2 - x.rank) + x.shape)
    }
  }
  /// The array; values never share memory that is written to.
  public static func copy(_ a: Variable) -> Variable { a.map { $0 } }

  /// An array of zeros.
  public static func zeros(_ shape: any IntegerList, dtype: DType = .float32) -> Variable {
    .make { () throws(GraphError) in try .zeros(dtype, shape.integers) }
  }

  /// An array of zeros: `np.zeros(2, 3)`.
  public static func zeros(_ size1: Int, _ size2: Int, _ sizes: Int..., dtype: DType = .float32) -> Variable {
    zeros([size1, size2] + sizes, dtype: dtype)
  }

  /// An array of ones: `np.ones(2, 3)`.
  public static func ones(_ size1: Int, _ size2: Int, _ sizes: Int..., dtype: DType = .float32) -> Variable {
    ones([size1, size2] + sizes, dtype: dtype)
  }

  /// As ``empty(_:dtype:)``: `np.empty(2, 3)`.
  public static func empty(_ size1: Int, _ size2: Int, _ sizes: Int..., dtype: DType = .float32) -> Variable {
    empty([size1, size2] + sizes, dtype: dtype)
  }

  /// An array of ones.
  public static func ones(_ shape: any IntegerList, dtype: DType = .float32) -> Variable { full(shape, 1, dtype: dtype) }

  /// An array whose elements are not meant to be read before they are written; they are zero.
  public static func empty(_ shape: any IntegerList, dtype: DType = .float32) -> Variable { zeros(shape, dtype: dtype) }

  /// An array of `fillValue`, which may be an array that broadcasts to `shape`; its type unless `dtype` says otherwise.
  public static func full(_ shape: any IntegerList, _ fillValue: Variable, dtype: DType? = nil) -> Variable {
    .make { () throws(GraphError) in
      let value: Tensor
      if let dtype { value = try fillValue.contents(as: dtype) } else { value = try fillValue.contents() }
      return try Expanding.broadcast(value, to: shape.integers)
    }
  }

  /// Zeros in the shape and type of `a`.
  public static func zerosLike(_ a: Variable, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    a.map { x throws(GraphError) in try .zeros(dtype ?? x.dtype, shape?.integers ?? x.shape) }
  }

  /// Ones in the shape and type of `a`.
  public static func onesLike(_ a: Variable, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    fullLike(a, 1, dtype: dtype, shape: shape)
  }

  /// As ``empty(_:dtype:)`` in the shape and type of `a`.
  public static func emptyLike(_ a: Variable, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    zerosLike(a, dtype: dtype, shape: shape)
  }

  /// `fillValue` in the shape and type of `a`.
  public static func fullLike(
    _ a: Variable, _ fillValue: Variable, dtype: DType? = nil, shape: (any IntegerList)? = nil
  ) -> Variable {
    .make { () throws(GraphError) in
      let x = try a.contents()
      return try Expanding.broadcast(fillValue.contents(as: dtype ?? x.dtype), to: shape?.integers ?? x.shape)
    }
  }

  /// Ones on the `k`-th diagonal of `n` rows and `m` columns, zeros elsewhere.
  public static func eye(_ n: Int, _ m: Int? = nil, k: Int = 0, dtype: DType = .float32) -> Variable {
    .make { () throws(GraphError) in try Grids.eye(rows: n, columns: m ?? n, k: k, dtype: dtype) }
  }

  /// The unit matrix.
  public static func identity(_ n: Int, dtype: DType = .float32) -> Variable { eye(n, dtype: dtype) }

  /// Ones on and below the `k`-th diagonal.
  public static func tri(_ n: Int, _ m: Int? = nil, k: Int = 0, dtype: DType = .float32) -> Variable {
    .make { () throws(GraphError) in try Grids.tri(rows: n, columns: m ?? n, k: k, dtype: dtype) }
  }

  /// Zeros above the `k`-th diagonal of the last two axes.
  public static func tril(_ a: Variable, k: Int = 0) -> Variable {
    a.map { a throws(GraphError) in try Grids.triangle(a, k: k, upper: false) }
  }

  /// Zeros below the `k`-th diagonal of the last two axes.
  public static func triu(_ a: Variable, k: Int = 0) -> Variable {
    a.map { a throws(GraphError) in try Grids.triangle(a, k: k, upper: true) }
  }

  /// A vector on the `k`-th diagonal of a matrix, or that diagonal of a matrix.
  public static func diag(_ a: Variable, k: Int = 0) -> Variable {
    a.map { a throws(GraphError) in
      if a.rank == 2 { return try Rearranging.diagonal(a, offset: k, axis1: 0, axis2: 1) }
      guard a.rank == 1 else { throw GraphError(.rankMismatch, "input must be 1- or 2-d", found: "\(a.shape)") }
      return try Grids.diagonalMatrix(a, k: k)
    }
  }

  /// The flattened array on the `k`-th diagonal of a matrix.
  public static func diagflat(_ a: Variable, k: Int = 0) -> Variable {
    a.map { a throws(GraphError) in try Grids.diagonalMatrix(a.reshaped([a.count]), k: k) }
  }
}

extension np {
  /// 0, 1, … below `stop`, as int32 if all arguments are whole literals.
  public static func arange(_ stop: Variable, dtype: DType? = nil) -> Variable { arange(0, stop, 1, dtype: dtype) }

  /// `start`, `start + step`, … before `stop`.
  public static func arange(_ start: Variable, _ stop: Variable, _ step: Variable = 1, dtype: DType? = nil) -> Variable {
    .make { () throws(GraphError) in
      let values = try [start, stop, step].map { (x) throws(GraphError) in try x.exactContents() }
      for value in values where value.count != 1 {
        throw GraphError(.rankMismatch, "arange needs single numbers", found: "\(value.shape)")
      }
      let isWhole = !values.contains { $0.dtype.isFloatingPoint }
      let common = values.map(\.dtype).reduce(values[0].dtype) { DType.promoted($0, $1) }
      return try Grids.arange(values, isWhole: isWhole, dtype: dtype ?? (isWhole ? common : .float32))
    }
  }

  /// `num` numbers at equal distances from `start` to `stop`, which is left out if `endpoint` is false.
  public static func linspace(
    _ start: Variable, _ stop: Variable, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> Variable {
    .make { () throws(GraphError) in
      try Grids.linspace(start.exactContents(), stop.exactContents(), num, endpoint, axis: axis).values.spaced(as: dtype)
    }
  }

  /// ``linspace(_:_:num:endpoint:dtype:axis:)`` and the distance between neighbors.
  public static func linspaceAndStep(
    _ start: Variable, _ stop: Variable, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> (values: Variable, step: Variable) {
    let parts = Variable.make(count: 2) { () throws(GraphError) in
      let result = try Grids.linspace(start.exactContents(), stop.exactContents(), num, endpoint, axis: axis)
      return [try result.values.spaced(as: dtype), try result.step.cast(to: dtype.isFloatingPoint ? dtype : .float32)]
    }
    return (parts[0], parts[1])
  }

  /// `base` to the power of the numbers of ``linspace(_:_:num:endpoint:dtype:axis:)``.
  public static func logspace(
    _ start: Variable, _ stop: Variable, num: Int = 50, endpoint: Bool = true, base: Double = 10, dtype: DType = .float32,
    axis: Int = 0
  ) -> Variable {
    .make { () throws(GraphError) in
      let exponents = try Grids.linspace(start.exactContents(), stop.exactContents(), num, endpoint, axis: axis).values
      return try mapped(exponents, Double.self, to: Double.self) { .pow(base, $0) }.cast(to: dtype)
    }
  }

  /// `num` numbers at equal ratios from `start` to `stop`, both of one sign and not zero.
  public static func geomspace(
    _ start: Variable, _ stop: Variable, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> Variable {
    .make { () throws(GraphError) in
      try Grids.geomspace(start.exactContents(), stop.exactContents(), num, endpoint, axis: axis).cast(to: dtype)
    }
  }

  /// Coordinate arrays of a grid.
  ///
  /// - Parameters:
  ///   - sparse: keep an axis of size 1 instead of repeating.
  ///   - indexing: `"xy"` has the second vector on the first axis, `"ij"` keeps the order.
  public static func meshgrid(_ xi: Variable..., sparse: Bool = false, indexing: String = "xy") -> [Variable] {
    Variable.make(count: xi.count) { () throws(GraphError) in
      guard indexing == "xy" || indexing == "ij" else {
        throw GraphError(.attributeInvalid, "bad indexing of meshgrid", expected: "xy or ij", found: indexing)
      }
      var shape: [Int] = []
      var vectors: [Tensor] = []
      for x in xi {
        let vector = try x.contents()
        vectors.append(try vector.reshaped([vector.count]))
        shape.append(vector.count)
      }
      let swaps = indexing == "xy" && vectors.count > 1
      if swaps { shape.swapAt(0, 1) }
      var result: [Tensor] = []
      for (i, vector) in vectors.enumerated() {
        let axis = swaps && i < 2 ? 1 - i : i
        var own = [Int](repeating: 1, count: shape.count)
        own[axis] = vector.count
        let column = try vector.reshaped(own)
        result.append(sparse ? column : try Expanding.broadcast(column, to: shape))
      }
      return result
    }
  }

  /// The positions of every element of an array of `shape`, one array per axis along the first axis, as int64.
  public static func indices(_ shape: [Int]) -> Variable {
    .make { () throws(GraphError) in
      guard try checkedElementCount([shape.count] + shape) > 0 else {
        return try Tensor(uninitialized: .int64, shape: shape.isEmpty ? [0] : [shape.count] + shape)
      }
      var grids: [Tensor] = []
      for (axis, size) in shape.enumerated() {
        var own = [Int](repeating: 1, count: shape.count)
        own[axis] = size
        let column = try makeTensor([size], of: Int64.self) { for i in 0..<size { $0[i] = Int64(i) } }.reshaped(own)
        grids.append(try Expanding.broadcast(column, to: shape))
      }
      return try Joining.stack(grids, axis: 0)
    }
  }
}
