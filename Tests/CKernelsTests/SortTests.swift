import CKernels
import Testing

@Suite struct SortTests {
  @Test("sorts keys of all kinds and numbers", arguments: Level.all)
  func sorts(level: Level) {
    var numbers = Numbers(seed: 81)
    let kinds: [(Int, inout Numbers) -> UInt32] = [
      { _, numbers in UInt32.random(in: 0...(.max), using: &numbers) },
      { _, numbers in UInt32.random(in: 0..<3, using: &numbers) },
      { i, _ in UInt32(i) },
      { i, _ in UInt32.max - UInt32(i) },
      { i, numbers in i % 9 == 0 ? UInt32.random(in: 0...(.max), using: &numbers) : .max },
      { _, _ in 0 },
    ]
    for count in Array(0...140) + [255, 256, 257, 1000, 4099] {
      for kind in kinds {
        let values = (0..<count).map { kind($0, &numbers) }
        let (keys, scratch) = (GuardedBuffer(values), GuardedBuffer(count: count, repeating: UInt32(7)))
        ck_u32_sort(level.isa, count, keys.base, scratch.base)
        #expect(keys.elements == values.sorted() && keys.isIntact && scratch.isIntact)
      }
    }
  }

  @Test("sorts floats with NaN last and -0 before 0", arguments: Level.all)
  func floats(level: Level) {
    var numbers = Numbers(seed: 82)
    let special: [Float] = [.nan, -.nan, 0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude]
    for count in Array(0...40) + [128, 129, 1000, 4099] {
      let values = (0..<count).map { _ in
        Bool.random(using: &numbers) ? special.randomElement(using: &numbers) ?? 0 : Float.random(in: -9...9, using: &numbers)
      }
      let (x, y) = (GuardedBuffer(values), GuardedBuffer(count: count, repeating: Float(7)))
      let scratch = GuardedBuffer(count: count, repeating: UInt32(7))
      ck_f32_sort(level.isa, count, x.base, y.base, scratch.base)
      ck_f32_sort(level.isa, count, x.base, x.base, scratch.base)
      let wanted = values.sorted { a, b in
        if a.isNaN || b.isNaN { return !a.isNaN }
        return a == b ? a.sign == .minus && b.sign == .plus : a < b
      }
      #expect(y.elements.map(\.bitPattern) == wanted.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern })
      #expect(x.elements.map(\.bitPattern) == y.elements.map(\.bitPattern))
      #expect(x.isIntact && y.isIntact && scratch.isIntact)
    }
  }

  @Test("sorts keys that are chosen to give bad pivots", arguments: Level.all)
  func organ(level: Level) {
    let organ: [UInt32] = (0..<3000).map { (i: Int) -> UInt32 in UInt32(i < 1500 ? i : 3000 - i) }
    let holes: [UInt32] = (0..<3000).map { (i: Int) -> UInt32 in i % 188 == 94 ? 0 : UInt32(i) }
    let values: [UInt32] = organ + holes
    let (keys, scratch) = (GuardedBuffer(values), GuardedBuffer(count: values.count, repeating: UInt32(0)))
    ck_u32_sort(level.isa, values.count, keys.base, scratch.base)
    #expect(keys.elements == values.sorted() && keys.isIntact && scratch.isIntact)
  }
}
