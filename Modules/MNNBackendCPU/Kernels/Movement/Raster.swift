import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Strided copies of elements of any type.
final class RasterKernel: StatelessKernel<Raster>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Raster, _ request: KernelRequest, on processor: Processor) -> Support {
    guard (try? validate(op, request)) != nil else { return .unsupported("a region that does not fit, as its meaning will say") }
    guard op.regions.allSatisfy(\.writesOnce) else { return .unsupported("a region that may write an element twice") }
    return op.regions.allSatisfy(\.fitsKernel) ? .supported : .unsupported("a region of too many loops")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try movementLaunch(op.regions, to: 0, request, processor, trusted: false)
  }
}

/// Runs every operator that only moves elements.
final class LayoutKernel: Kernel {
  let processor: Processor

  init(processor: Processor) { self.processor = processor }

  static func support(_ request: KernelRequest) -> Support {
    guard let op = request.op as? any LayoutOperator else { return .unsupported("not a layout operator") }
    guard let regions = try? op.regions(for: request.operands) else { return .unsupported("depends on data") }
    return regions.joined().allSatisfy(\.fitsKernel) ? .supported : .unsupported("a region of too many loops")
  }

  func prepare(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    guard let op = request.op as? any LayoutOperator else {
      throw RunError(.unsupported, "not a layout operator", found: request.op.name)
    }
    let regions = try asRunError { () throws(GraphError) in try op.regions(for: request.operands) }
    var launches: [CPULaunch] = []
    for i in request.results.indices {
      launches.append(try movementLaunch(regions[i], to: i, request, processor, trusted: true))
    }
    if launches.count == 1 { return launches[0] }
    let parts = launches
    return CPULaunch("copy") { arguments throws(RunError) in
      for part in parts { try part.run(arguments) }
    }
  }
}

extension Region {
  fileprivate var loop: LoopNest { LoopNest(sizes: size, strides: [source.strides, target.strides]) }
  fileprivate var fitsKernel: Bool { loop.rank <= Int(CK_MAX_RANK) }
}

/// The number of elements of each input. Throws unless the regions of `raster` stay inside of them and of its result.
@discardableResult
private func validate(_ raster: Raster, _ request: KernelRequest) throws(RunError) -> [Int] {
  var counts: [Int] = []
  for i in 0..<request.operands.count { counts.append(request.has(i) ? elementCount(try request.sizes(i)) : 0) }
  try asRunError { () throws(GraphError) in try raster.validate(inputCounts: counts) }
  return counts
}

/// A launch that fills result `index` with copies.
///
/// - Parameter trusted: the regions come from an operator of this project, so that none overlaps another unless the sum of
///   their sizes is larger than the result.
private func movementLaunch(
  _ regions: [Region], to index: Int, _ request: KernelRequest, _ processor: Processor, trusted: Bool
) throws(RunError) -> CPULaunch {
  let shape = try request.resultSizes(index)
  let raster = Raster(shape: shape, regions: regions)
  let counts = try validate(raster, request)
  let dtype = request.results[index].dtype
  for region in regions where request.dtype(region.input) != dtype {
    throw RunError(
      .graph, "a copy between element types at \"\(request.nodeName)\"", expected: dtype.rawValue,
      found: request.dtype(region.input)?.rawValue)
  }
  let width = dtype.byteCount
  let count = elementCount(shape)
  let isa = processor.isa
  let live = regions.filter { !$0.size.contains(0) }
  if live.count == 1, let region = live.first, region.isWhole(count), counts[region.input] >= count {
    let input = region.input
    let inPlace = region.source.offset == 0 && counts[input] == count && index == 0 ? [input] : []
    let offset = region.source.offset * width
    return CPULaunch("alias", inPlace: inPlace) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(input) + offset, try arguments.rawResult(index))
      if x != UnsafeRawPointer(y), count > 0 { y.copyMemory(from: x, byteCount: count * width) }
    }
  }
  let steps = live.map { MovementStep($0, width: width) }
  let dense = live.count == 1 && live.first.map { $0.fillsInOrder(count) } ?? false
  let clears = trusted ? !raster.coversResult : !dense
  return CPULaunch(clears ? "fill and copy" : "copy") { arguments throws(RunError) in
    guard count > 0 else { return }
    let target = try arguments.rawResult(index)
    if clears { target.initializeMemory(as: UInt8.self, repeating: 0, count: count * width) }
    for step in steps {
      ck_copy_strided(
        isa, width, step.loop.rank, step.loop.sizes, try arguments.rawInput(step.input) + step.source, step.loop.strides[0],
        target + step.target, step.loop.strides[1], arguments.threadCount)
    }
  }
}

/// A region with its offsets in bytes and its loops merged.
private struct MovementStep: Sendable {
  let input: Int
  let loop: LoopNest
  let source: Int
  let target: Int

  init(_ region: Region, width: Int) {
    input = region.input
    loop = region.loop
    source = region.source.offset * width
    target = region.target.offset * width
  }
}

extension Region {
  /// True if it copies `count` elements in order to the start of the result.
  fileprivate func isWhole(_ count: Int) -> Bool {
    let loop = loop
    guard target.offset == 0, elementCount(size) == count else { return false }
    return loop.rank == 0 || loop.rank == 1 && loop.strides[0] == [1] && loop.strides[1] == [1]
  }

  /// True if it writes all `count` elements of the result, from first to last.
  fileprivate func fillsInOrder(_ count: Int) -> Bool {
    target.offset == 0 && elementCount(size) == count
      && LoopNest(sizes: size, strides: [target.strides]).strides[0].last ?? 1 == 1
      && LoopNest(sizes: size, strides: [target.strides]).rank <= 1
  }
}
