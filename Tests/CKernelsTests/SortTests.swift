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
