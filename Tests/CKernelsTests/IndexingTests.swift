import CKernels
import Testing

@Suite struct IndexingTests {
  @Test("gathers and scatters elements, and refuses indices out of range")
  func elements() {
    var numbers = Numbers(seed: 70)
    for (outer, n, inner, count) in [(1, 1, 1, 1), (3, 5, 1, 7), (2, 4, 3, 4), (1, 9, 5, 0), (2, 3, 8, 1)] {
      let total = outer * count * inner
      let at = (0..<total).map { _ in Int64.random(in: Int64(-n)..<Int64(n), using: &numbers) }
      let values = numbers.floats(outer * n * inner)
      func place(_ element: Int) -> Int {
        let row = at[element] < 0 ? Int(at[element]) + n : Int(at[element])
        return (element / (count * inner) * n + row) * inner + element % inner
      }
      let (x, indices) = (GuardedBuffer(values), GuardedBuffer(at))
      let y = GuardedBuffer(count: total, repeating: Float(7))
      #expect(ck_gather_elements(4, outer, n, inner, count, x.base, indices.base, y.base) == 1)
      #expect(y.elements == (0..<total).map { values[place($0)] } && y.isIntact)
      var wanted = values
      let updates = GuardedBuffer(numbers.floats(total))
      for i in 0..<total { wanted[place(i)] = updates.elements[i] }
      #expect(ck_scatter_elements(4, outer, n, inner, count, indices.base, updates.base, x.base) == 1)
      #expect(x.elements == wanted && x.isIntact)
      for bad in [Int64(n), Int64(-n - 1), .max, .min] where total > 0 {
        indices.base[total - 1] = bad
        #expect(ck_gather_elements(4, outer, n, inner, count, x.base, indices.base, y.base) == 0)
        #expect(ck_scatter_elements(4, outer, n, inner, count, indices.base, updates.base, x.base) == 0)
      }
    }
  }

  @Test("finds the places of slices")
  func positions() {
    let indices = GuardedBuffer<Int64>([1, -1, 0, 2, -2, -3])
    let found = GuardedBuffer(count: 3, repeating: 7)
    #expect(ck_index_positions(3, 2, [2, 3], [12, 4], indices.base, found.base) == 1)
    #expect(found.elements == [20, 8, 0])
    indices.base[5] = -4
    #expect(ck_index_positions(3, 2, [2, 3], [12, 4], indices.base, found.base) == 0)
  }

  @Test("orders the best elements, equal ones by place")
  func topK() {
    var numbers = Numbers(seed: 71)
    for (outer, n, inner) in [(1, 1, 1), (2, 17, 1), (3, 8, 4), (1, 100, 2), (3, 700, 1), (1, 4000, 2)] {
      for (k, least) in Set([0, 1, 13, 60, n / 3, n / 2, n]).filter({ $0 <= n }).sorted().flatMap({ [($0, false), ($0, true)] }) {
        for threads: Int32 in [1, 3] {
          // Few different values, so that there are ties; or values of all sizes.
          var values = (0..<outer * n * inner).map { _ in
            k % 2 == 0 ? Float(Int.random(in: -5...5, using: &numbers)) : Float.random(in: -1...1, using: &numbers) / 1e3
          }
          if n > 8 { (values[1], values[5], values[6], values[7], values[8]) = (.nan, -.infinity, -.nan, -0.0, .infinity) }
          let x = GuardedBuffer(values)
          let y = GuardedBuffer(count: outer * k * inner, repeating: Float(7))
          let indices = GuardedBuffer(count: outer * k * inner, repeating: Int64(7))
          let scratch = alignedBuffer(bytes: ck_f32_top_k_scratch(n, k, threads))
          ck_f32_top_k(least ? 1 : 0, outer, n, inner, k, x.base, y.base, indices.base, scratch.base, threads)
          #expect(scratch.isIntact)
          for o in 0..<outer {
            for i in 0..<inner {
              let row = (0..<n).map { values[(o * n + $0) * inner + i] }
              let order = row.indices.sorted { a, b in
                if row[a].isNaN != row[b].isNaN { return row[a].isNaN }
                if row[a] != row[b], !row[a].isNaN { return least ? row[a] < row[b] : row[a] > row[b] }
                return a < b
              }
              for r in 0..<k { #expect(indices.elements[(o * k + r) * inner + i] == Int64(order[r])) }
            }
          }
          for (place, index) in indices.elements.enumerated() {
            let (o, i) = (place / max(k * inner, 1), place % inner)
            #expect(y.elements[place].bitPattern == values[(o * n + Int(index)) * inner + i].bitPattern)
          }
          #expect(y.isIntact && indices.isIntact)
        }
      }
    }
  }
}
