import CKernels
import Testing

@Suite struct LayoutTests {
  static let spatials = [1, 3, 4, 7, 15, 16, 17, 49]

  @Test("moves plain channels into blocks and back, clearing the lanes past them", arguments: Level.all)
  func planarToBlocked(level: Level) {
    var numbers = Numbers(seed: 1)
    for c in Set([level.lanes, 4, 8, 16]) {
      for channels in [1, c - 1, c, c + 1, 2 * c + 3] {
        for spatial in Self.spatials {
          let n = 2, size = n * channels * spatial
          let x = GuardedBuffer(numbers.floats(size), misaligned: spatial % 2)
          let wanted = blocked(x.elements, n: n, channels: channels, spatial: spatial, c: c, garbage: 0)
          let y = GuardedBuffer(count: wanted.count, repeating: Float.nan, misaligned: channels % 2)
          ck_f32_nchw_to_blocked(level.isa, n, channels, spatial, c, x.base, y.base, 2)
          #expect(y.elements == wanted && y.isIntact, "channels \(channels) spatial \(spatial) c \(c)")
          let dirty = GuardedBuffer(blocked(x.elements, n: n, channels: channels, spatial: spatial, c: c))
          let back = GuardedBuffer(count: size, repeating: Float.nan)
          ck_f32_blocked_to_nchw(level.isa, n, channels, spatial, c, dirty.base, back.base, 1)
          #expect(back.elements == x.elements && back.isIntact, "channels \(channels) spatial \(spatial) c \(c)")
        }
      }
    }
  }

  @Test("moves interleaved channels into blocks and back", arguments: Level.all)
  func interleavedToBlocked(level: Level) {
    var numbers = Numbers(seed: 2)
    for c in Set([level.lanes, 4]) {
      for channels in [1, c - 1, c, c + 1, 2 * c + 3] {
        for spatial in Self.spatials + [1031] {
          let n = 2, size = n * channels * spatial
          let planar = numbers.floats(size)
          var interleaved = planar
          for image in 0..<n {
            for channel in 0..<channels {
              for p in 0..<spatial {
                interleaved[(image * spatial + p) * channels + channel] = planar[(image * channels + channel) * spatial + p]
              }
            }
          }
          let x = GuardedBuffer(interleaved)
          let wanted = blocked(planar, n: n, channels: channels, spatial: spatial, c: c, garbage: 0)
          let y = GuardedBuffer(count: wanted.count, repeating: Float.nan)
          ck_f32_nhwc_to_blocked(level.isa, n, channels, spatial, c, x.base, y.base, 2)
          #expect(y.elements == wanted && y.isIntact, "channels \(channels) spatial \(spatial) c \(c)")
          let back = GuardedBuffer(count: size, repeating: Float.nan)
          ck_f32_blocked_to_nhwc(level.isa, n, channels, spatial, c, y.base, back.base, 2)
          #expect(back.elements == interleaved && back.isIntact, "channels \(channels) spatial \(spatial) c \(c)")
        }
      }
    }
  }

  @Test("copies a range of channels between blocked tensors and touches no other channel", arguments: Level.all)
  func channelRanges(level: Level) {
    var numbers = Numbers(seed: 3)
    let c = level.lanes
    for _ in 0..<60 {
      let n = Int.random(in: 1...2, using: &numbers), spatial = Int.random(in: 1...9, using: &numbers)
      let count = Int.random(in: 1...(3 * c), using: &numbers)
      let before = Bool.random(using: &numbers) ? c : Int.random(in: 0...(2 * c), using: &numbers)
      let into = Bool.random(using: &numbers) ? 2 * c : Int.random(in: 0...(2 * c), using: &numbers)
      let sourceChannels = before + count + Int.random(in: 0...c, using: &numbers)
      let resultChannels = into + count + Int.random(in: 0...c, using: &numbers)
      let source = numbers.floats(n * sourceChannels * spatial), result = numbers.floats(n * resultChannels * spatial)
      var wanted = result
      for image in 0..<n {
        for channel in 0..<count {
          for p in 0..<spatial {
            wanted[(image * resultChannels + into + channel) * spatial + p] =
              source[(image * sourceChannels + before + channel) * spatial + p]
          }
        }
      }
      let x = GuardedBuffer(blocked(source, n: n, channels: sourceChannels, spatial: spatial, c: c))
      let y = GuardedBuffer(blocked(result, n: n, channels: resultChannels, spatial: spatial, c: c))
      ck_f32_blocked_copy_channels(
        level.isa, n, spatial, c, count, x.base, sourceChannels, before, y.base, resultChannels, into, 2)
      #expect(
        plain(y.elements, n: n, channels: resultChannels, spatial: spatial, c: c) == wanted && y.isIntact,
        "\(count) channels from \(before) of \(sourceChannels) to \(into) of \(resultChannels), spatial \(spatial)")
    }
  }

  @Test("gathers channels of several blocked tensors in any order", arguments: Level.all)
  func gatheredChannels(level: Level) {
    var numbers = Numbers(seed: 5)
    for round in 0..<60 {
      let c = round % 3 == 0 ? 8 : level.lanes, n = Int.random(in: 1...2, using: &numbers)
      let spatial = Self.spatials.randomElement(using: &numbers) ?? 1
      let counts = (0..<Int.random(in: 1...4, using: &numbers)).map { _ in Int.random(in: 1...3 * c, using: &numbers) }
      let tensors = counts.map { numbers.floats(n * $0 * spatial) }
      let wide = Int.random(in: 1...3 * c + 1, using: &numbers)
      let sources = (0..<wide).map { place in
        let tensor = Int.random(in: counts.indices, using: &numbers)
        let channel = round % 4 == 1 ? place % counts[tensor] : Int.random(in: 0..<counts[tensor], using: &numbers)
        return ck_channel_source(tensor: Int32(tensor), channel: Int32(channel))
      }
      var wanted: [Float] = []
      for image in 0..<n {
        for source in sources {
          let first = (image * counts[Int(source.tensor)] + Int(source.channel)) * spatial
          wanted += tensors[Int(source.tensor)][first..<first + spatial]
        }
      }
      let buffers = zip(tensors, counts).map { GuardedBuffer(blocked($0, n: n, channels: $1, spatial: spatial, c: c)) }
      let inputs = zip(buffers, counts).map { ck_blocked_source(x: $0.base, channels: $1) }
      let y = GuardedBuffer(count: n * ((wide + c - 1) / c) * spatial * c, repeating: Float.nan)
      ck_f32_blocked_gather(level.isa, n, spatial, c, inputs, wide, sources, y.base, 2)
      #expect(
        plain(y.elements, n: n, channels: wide, spatial: spatial, c: c) == wanted && y.isIntact,
        "\(wide) channels of \(counts), spatial \(spatial), c \(c)")
    }
  }

  @Test("copies any strided region for every element size", arguments: Level.all)
  func stridedRegions(level: Level) {
    var numbers = Numbers(seed: 4)
    func check<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
      for round in 0..<80 {
        let rank = Int.random(in: 1...4, using: &numbers)
        let size = (0..<rank).map { _ in Int.random(in: 1...(rank < 3 ? 37 : 9), using: &numbers) }
        // Both sides are dense in a random order of axes; the source may repeat or be read backwards along some.
        func strides(_ order: [Int]) -> [Int] {
          var result = [Int](repeating: 0, count: rank), step = 1
          for axis in order { result[axis] = step; step *= size[axis] }
          return result
        }
        var source = strides((0..<rank).shuffled(using: &numbers))
        let result = strides(round % 2 == 0 ? (0..<rank).reversed() : (0..<rank).shuffled(using: &numbers))
        let total = size.reduce(1, *)
        var offset = 0
        for axis in 0..<rank where round % 5 == 4 {
          if axis % 2 == 0 { source[axis] = 0 } else { offset += (size[axis] - 1) * source[axis]; source[axis] = -source[axis] }
        }
        let x = GuardedBuffer(count: total, repeating: T(0), misaligned: round % 3)
        for index in 0..<total { x.base[index] = T(truncatingIfNeeded: index &* 7 &+ 1) }
        var wanted = [T](repeating: 0, count: total)
        for flat in 0..<total {
          var rest = flat, from = offset, to = 0
          for axis in (0..<rank).reversed() {
            from += rest % size[axis] * source[axis]
            to += rest % size[axis] * result[axis]
            rest /= size[axis]
          }
          wanted[to] = x.base[from]
        }
        let y = GuardedBuffer(count: total, repeating: T(0))
        ck_copy_strided(level.isa, MemoryLayout<T>.size, rank, size, x.base + offset, source, y.base, result, 2)
        #expect(y.elements == wanted && y.isIntact, "\(T.self) size \(size) source \(source) result \(result)")
      }
    }
    check(UInt8.self)
    check(UInt16.self)
    check(UInt32.self)
    check(UInt64.self)
  }

  @Test("divides a large copy among threads without changing it", arguments: Level.all)
  func largeCopies(level: Level) {
    for (rows, columns) in [(1, 300_000), (3, 100_003), (517, 601), (100_001, 4)] {
      let x = GuardedBuffer(count: rows * columns, repeating: Float(0))
      for index in 0..<x.count { x.base[index] = Float(index) }
      let y = GuardedBuffer(count: x.count, repeating: Float(0)), z = GuardedBuffer(count: x.count, repeating: Float(0))
      ck_transpose(level.isa, 4, 1, rows, columns, x.base, y.base, 3)
      ck_transpose(level.isa, 4, 1, columns, rows, y.base, z.base, 2)
      var wrong = 0
      for index in 0..<x.count where z.base[index] != Float(index) { wrong += 1 }
      for index in stride(from: 0, to: x.count, by: 1009) where y.base[index % columns * rows + index / columns] != Float(index) {
        wrong += 1
      }
      #expect(wrong == 0)
      ck_copy_strided(level.isa, 4, 1, [x.count], x.base, [1], y.base, [1], 3)
      #expect((0..<x.count).allSatisfy { y.base[$0] == Float($0) })
    }
  }

  @Test("fills with elements of every size")
  func fill() {
    for count in [0, 1, 17, 1_000_003] {
      let value: Float = 1.5, y = GuardedBuffer(count: count, repeating: Float(0))
      withUnsafeBytes(of: value) { ck_fill(4, count, $0.baseAddress, y.base, 2) }
      #expect((0..<count).allSatisfy { y.base[$0] == 1.5 } && y.isIntact)
    }
  }

  @Test("gathers rows, counts negative indices from the end and refuses others")
  func gather() {
    let x: [Int32] = [0, 1, 10, 11, 20, 21]
    var y = [Int32](repeating: 0, count: 6)
    #expect(ck_gather_rows(3, 3, 8, x, [2, -3, 1], &y, 1) == 1)
    #expect(y == [20, 21, 0, 1, 10, 11])
    #expect(ck_gather_rows(1, 3, 8, x, [3], &y, 1) == 0)
    #expect(ck_gather_rows(1, 3, 8, x, [-4], &y, 1) == 0)
  }
}
