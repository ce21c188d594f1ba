import CKernels
package import MNNGraph

extension DirectKernels {
  /// The results of an operator that only moves elements; a result that is all of an operand, in order, shares its memory.
  package func move(
    _ op: any LayoutOperator, _ operands: Operands, _ inputs: [Tensor?]
  ) throws(GraphError) -> [Tensor]? {
    let types = try op.resultTypes(for: operands)
    let regions = try op.regions(for: operands)
    var results: [Tensor] = []
    for (type, regions) in zip(types, regions) {
      guard let result = try move(type.dtype, type.shape.concreteSizes(), regions, inputs) else { return nil }
      results.append(result)
    }
    return results
  }

  private func move(
    _ dtype: DType, _ shape: [Int], _ regions: [Region], _ inputs: [Tensor?]
  ) throws(GraphError) -> Tensor? {
    let raster = Raster(shape: shape, regions: regions)
    try raster.validate(inputCounts: inputs.map { $0?.count ?? 0 })
    let count = try checkedElementCount(shape)
    let plain = View(strides: [1])
    if regions.count == 1, regions[0].size == [count], regions[0].source == plain, regions[0].target == plain,
      let source = inputs[regions[0].input], source.count == count
    {
      return try source.reshaped(shape)
    }
    let width = dtype.byteCount
    var steps: [(loop: LoopNest, source: Tensor, region: Region)] = []
    for region in regions where !region.size.contains(0) {
      guard let source = inputs[region.input], source.dtype == dtype else { return nil }
      let loop = LoopNest(sizes: region.size, strides: [region.source.strides, region.target.strides])
      guard loop.rank <= Int(CK_MAX_RANK) else { return nil }
      steps.append((loop, source, region))
    }
    let result = try Tensor(uninitialized: dtype, shape: shape)
    if !raster.coversResult { result.mutableBytes.initializeMemory(as: UInt8.self, repeating: 0) }
    for (loop, source, region) in steps {
      withExtendedLifetime(source) {
        ck_copy_strided(
          isa, width, loop.rank, loop.sizes, source.base + region.source.offset * width, loop.strides[0],
          result.mutableBase + region.target.offset * width, loop.strides[1], threads)
      }
    }
    return result
  }
}
