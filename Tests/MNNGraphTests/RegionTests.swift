import Testing

@testable import MNNGraph

/// Regions come from files: whatever their numbers are, they are moved as they say or refused, and nothing else is touched.
@Suite struct RegionTests {
  /// Whether a raster may run, in arithmetic in which nothing overflows.
  private func isValid(_ region: Region, inputCount: Int, resultCount: Int) -> Bool {
    guard region.input == 0, region.size.count <= 128, region.size.allSatisfy({ $0 >= 0 }),
      region.source.strides.count == region.size.count, region.target.strides.count == region.size.count
    else { return false }
    // Sizes are of 62 bits at most, of which a factor of 2^60 is too many already.
    var count: Int128 = 1
    for size in region.size where size > 0 { count = min(count * Int128(size), 1 << 62) }
    guard count < 1 << 59 else { return false }
    if region.size.contains(0) { return true }
    for (view, limit) in [(region.source, inputCount), (region.target, resultCount)] {
      var (low, high) = (Int128(view.offset), Int128(view.offset))
      for (size, stride) in zip(region.size, view.strides) {
        let reach = Int128(size - 1) * Int128(stride)
        if reach < 0 { low += reach } else { high += reach }
      }
      guard low >= 0, high < Int128(limit) else { return false }
    }
    return count <= Int128(resultCount)
  }

  private func moved(_ region: Region, _ values: [Int32], resultCount: Int) -> [Int32] {
    var result = [Int32](repeating: 0, count: resultCount)
    for index in IndexSequence(region.size) {
      let at = zip(index, zip(region.source.strides, region.target.strides))
        .reduce((region.source.offset, region.target.offset)) { ($0.0 + $1.0 * $1.1.0, $0.1 + $1.0 * $1.1.1) }
      result[at.1] = values[at.0]
    }
    return result
  }

  @Test(arguments: 0..<8)
  func randomRegionsMoveOrThrow(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var (valid, refused) = (0, 0)
    for _ in 0..<3000 {
      let (inputCount, resultCount) = (random.number(1...40), random.number(1...40))
      var region = Region(size: [], source: View(strides: []), target: View(strides: []))
      for _ in 0..<random.number(0...4) {
        region.size.append(random.number(0...4))
        region.source.strides.append(random.number(-4...12))
        region.target.strides.append(random.number(-4...12))
      }
      region.source.offset = random.number(-2...20)
      region.target.offset = random.number(-2...20)
      mutate(&region, &random)
      let raster = Raster(shape: [resultCount], regions: [region])
      let values = (1...Int32(inputCount)).map { $0 }
      let input = try Tensor(values)
      let expected = isValid(region, inputCount: inputCount, resultCount: resultCount)
      do {
        let result = try raster.evaluate(Arguments([input]))[0]
        #expect(expected, "\(region) of \(inputCount) to \(resultCount) was moved")
        #expect(try result.scalars(as: Int32.self) == moved(region, values, resultCount: resultCount))
        valid += 1
      } catch {
        #expect(!expected, "\(region) of \(inputCount) to \(resultCount): \(error)")
        #expect(throws: GraphError.self) { try raster.resultTypes(for: Operands([Operand(input.type)])) }
        refused += 1
      }
    }
    #expect(valid > 100 && refused > 100)
  }

  /// Puts numbers near the limits of machine integers in some places.
  private func mutate(_ region: inout Region, _ random: inout SplitMix64) {
    let extremes = [
      Int.min, Int.min + 1, .max, .max - 1, -1, 1 << 31, -(1 << 31), 1 << 32, 1 << 58, 1 << 62, 3 << 60,
    ]
    guard random.number(0...2) > 0 else { return }
    for _ in 0..<random.number(1...3) {
      let value = extremes[random.number(0...extremes.count - 1)]
      let axis = region.size.isEmpty ? nil : random.number(0...region.size.count - 1)
      switch (random.number(0...6), axis) {
      case (0, let axis?): region.size[axis] = value
      case (1, let axis?) where axis < region.source.strides.count: region.source.strides[axis] = value
      case (2, let axis?) where axis < region.target.strides.count: region.target.strides[axis] = value
      case (3, _): region.source.offset = value
      case (4, _): region.target.offset = value
      case (5, .some) where !region.source.strides.isEmpty: region.source.strides.removeLast()
      case (6, _) where random.number(0...20) == 0: region.input = value
      default: break
      }
    }
  }

  @Test func axesAreLimited() throws {
    let ones = [Int](repeating: 1, count: 200)
    let region = Region(size: ones, source: View(strides: ones), target: View(strides: ones))
    #expect(throws: GraphError.self) { try Raster(shape: [1], regions: [region]).evaluate(Arguments([Tensor([1 as Float])])) }
    #expect(throws: GraphError.self) { try Tensor(uninitialized: .float32, shape: [Int](repeating: 1, count: 22_000)) }
  }

  /// A few bytes must not ask for any amount of work.
  @Test func elementsAreNotWrittenWithoutEnd() throws {
    let region = Region(size: [1 << 40], source: View(strides: [0]), target: View(strides: [0]))
    #expect(throws: GraphError.self) { try Raster(shape: [1], regions: [region]).evaluate(Arguments([Tensor([1 as Float])])) }
  }

  @Test func writingOnceIsSeen() {
    func region(_ size: [Int], _ strides: [Int]) -> Region {
      Region(size: size, source: View(strides: size.map { _ in 0 }), target: View(strides: strides))
    }
    #expect(region([2, 3], [3, 1]).writesOnce && region([3, 2], [-1, 3]).writesOnce && region([1, 4], [0, 1]).writesOnce)
    #expect(!region([2, 3], [2, 1]).writesOnce && !region([2], [0]).writesOnce)
    #expect(!region([3, 3], [.max, .max - 1]).writesOnce)
  }
}

extension SplitMix64 {
  fileprivate mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}
