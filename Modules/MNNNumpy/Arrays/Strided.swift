import MNNGraph
import MNNKernels

/// A view of a tensor's elements: sizes, strides (in elements, also negative or 0) and an offset.
struct Strided {
  var base: Tensor
  var shape: [Int]
  var strides: [Int]
  var offset = 0

  init(_ base: Tensor) {
    self.base = base
    shape = base.shape
    strides = rowMajorStrides(base.shape)
  }

  init(_ base: Tensor, shape: [Int], strides: [Int], offset: Int = 0) {
    self.base = base
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// The elements in row-major order: without copying if they lie so already.
  func tensor() throws(GraphError) -> Tensor {
    let width = base.dtype.byteCount
    if try checkedElementCount(shape) == 0 { return try Tensor(uninitialized: base.dtype, shape: shape) }
    var step = 1
    var isDense = true
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != step { isDense = false }
      step *= shape[axis]
    }
    if isDense {
      return try Tensor(
        dtype: base.dtype, shape: shape, storage: base.storage, byteOffset: base.byteOffset + offset * width)
    }
    let result = try Tensor(uninitialized: base.dtype, shape: shape)
    withExtendedLifetime(base.storage) {
      copyStrided(
        width: width, shape, from: base.rawBase + offset * width, strides, to: result.rawBase, rowMajorStrides(shape))
    }
    return result
  }

  /// Writes `values`, which have this view's shape, over the elements of a tensor that no one shares.
  func assign(_ values: Tensor, valueStrides: [Int]) {
    if shape.contains(0) { return }
    let width = base.dtype.byteCount
    withExtendedLifetime((base.storage, values.storage)) {
      copyStrided(
        width: width, shape, from: values.rawBase, valueStrides, to: base.rawBase + offset * width, strides)
    }
  }
}

/// Copies elements of `width` bytes, over any number of axes.
func copyStrided(
  width: Int, _ sizes: [Int], from source: UnsafeRawPointer, _ sourceStrides: [Int], to target: UnsafeMutableRawPointer,
  _ targetStrides: [Int]
) {
  if sizes.count <= ArrayKernels.maximumRank {
    ArrayKernels.copy(width: width, sizes: sizes, from: source, sourceStrides, to: target, targetStrides)
    return
  }
  for i in 0..<sizes[0] {
    copyStrided(
      width: width, Array(sizes.dropFirst()), from: source + i * sourceStrides[0] * width, Array(sourceStrides.dropFirst()),
      to: target + i * targetStrides[0] * width, Array(targetStrides.dropFirst()))
  }
}
