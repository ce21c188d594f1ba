/// What the reference meanings of operators are written with.

extension Tensor {
  /// A tensor that `body` computes in double precision, rounded to `dtype`. The elements are zero before.
  package static func computed(
    _ dtype: DType, _ shape: [Int], _ body: (UnsafeMutableBufferPointer<Double>) throws(GraphError) -> Void
  ) throws(GraphError) -> Tensor {
    let wide = try zeros(.float64, shape)
    try body(wide.unsafeMutable(as: Double.self))
    return try wide.converted(to: dtype)
  }
}

/// The position of `index` in memory of these strides.
@inline(__always)
package func position(_ index: [Int], _ strides: [Int]) -> Int {
  var result = 0
  for i in index.indices { result += index[i] * strides[i] }
  return result
}

extension GraphBuilder {
  /// A constant of rank 0.
  package mutating func constant(_ value: Double, as dtype: DType) throws(GraphError) -> Value.ID {
    constant(try Tensor(value).converted(to: dtype))
  }

  /// The sizes of a value as a vector of int64: a constant if they are known.
  package mutating func shape(of id: Value.ID?) throws(GraphError) -> Value.ID {
    if let sizes = try type(of: id).shape.sizes { return try constant(sizes.map { Int64($0) }) }
    return try add(ShapeOf(), id)
  }

  /// `x` reshaped to numbers, of which one may be -1 and a 0 keeps a size.
  package mutating func reshape(_ x: Value.ID?, _ sizes: [Int]) throws(GraphError) -> Value.ID {
    try add(Reshape(), x, constant(sizes.map { Int64($0) }))
  }

  /// An input of an expansion that must be there.
  package func required(_ inputs: [Value.ID?], _ index: Int) throws(GraphError) -> Value.ID {
    guard index < inputs.count, let id = inputs[index] else {
      throw GraphError(.inputMissing, "an input is missing", expected: "input \(index)", found: "\(inputs.count) inputs")
    }
    return id
  }

  /// An input of an expansion that may be absent.
  package func optional(_ inputs: [Value.ID?], _ index: Int) -> Value.ID? { index < inputs.count ? inputs[index] : nil }
}
