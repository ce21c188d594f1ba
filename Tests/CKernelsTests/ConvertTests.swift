import CKernels
import Testing

@Suite struct ConvertTests {
  @Test("converts float to half and back like the language's own Float16", arguments: Level.all)
  func half(level: Level) {
    let all = (0...UInt16.max).map { $0 }
    let x = GuardedBuffer(all), y = GuardedBuffer(count: all.count, repeating: Float(0))
    ck_convert(level.isa, CK_F16, CK_F32, all.count, x.base, y.base, 2)
    #if !(os(macOS) && arch(x86_64))
      var wrong = 0
      for bits in all {
        let wanted = Float(Float16(bitPattern: bits)), found = y.base[Int(bits)]
        if found != wanted && !(found.isNaN && wanted.isNaN) || found.sign != wanted.sign { wrong += 1 }
      }
      #expect(wrong == 0)
      var numbers = Numbers(seed: 5)
      for count in level.lengths {
        var floats = (0..<count).map { _ in Float(bitPattern: UInt32.random(in: 0 ... .max, using: &numbers)) }
        for index in stride(from: 0, to: count, by: 2) { floats[index] = Float.random(in: -70000...70000, using: &numbers) }
        for index in stride(from: 1, to: count, by: 3) { floats[index] = Float.random(in: -1e-4...1e-4, using: &numbers) }
        let x = GuardedBuffer(floats), z = GuardedBuffer(count: count, repeating: UInt16(0))
        ck_convert(level.isa, CK_F32, CK_F16, count, x.base, z.base, 1)
        for (found, float) in zip(z.elements, floats) {
          let wanted = Float16(float)
          #expect(found == wanted.bitPattern || wanted.isNaN && Float16(bitPattern: found).isNaN, "\(float)")
        }
        #expect(z.isIntact)
      }
    #endif
  }

  @Test("rounds to bfloat16 to nearest even and keeps NaN")
  func brain() {
    let floats: [Float] = [1, 1.00390625, 1.01171875, -3.14159, .infinity, .nan, Float(bitPattern: 0x7f80_0001), 0, -0.0, 3.4e38]
    var bits = [UInt16](repeating: 0, count: floats.count), back = [Float](repeating: 0, count: floats.count)
    ck_convert(0, CK_F32, CK_BF16, floats.count, floats, &bits, 1)
    #expect(bits[0...4] == [0x3f80, 0x3f80, 0x3f82, 0xc049, 0x7f80])
    #expect(bits[7...8] == [0, 0x8000])
    ck_convert(0, CK_BF16, CK_F32, floats.count, bits, &back, 1)
    #expect(back[5].isNaN && back[6].isNaN && back[9] == .infinity)
  }

  @Test("saturates floating numbers that no integer of the type equals")
  func saturation() {
    let floats: [Float] = [-1e20, -129, -128.9, -1.9, -0.5, 0.5, 1.9, 127.9, 128, 255.5, 256, 1e20, .nan, .infinity, -.infinity]
    func convert<T: FixedWidthInteger>(_ number: ck_number, _: T.Type) -> [T] {
      var y = [T](repeating: 1, count: floats.count)
      ck_convert(0, CK_F32, number, floats.count, floats, &y, 1)
      return y
    }
    func wanted<T: FixedWidthInteger>(_: T.Type) -> [T] {
      floats.map { $0.isNaN ? 0 : T(exactly: $0.rounded(.towardZero)) ?? ($0 < 0 ? .min : .max) }
    }
    #expect(convert(CK_I8, Int8.self) == wanted(Int8.self))
    #expect(convert(CK_U8, UInt8.self) == wanted(UInt8.self))
    #expect(convert(CK_I16, Int16.self) == wanted(Int16.self))
    #expect(convert(CK_I32, Int32.self) == wanted(Int32.self))
    #expect(convert(CK_U32, UInt32.self) == wanted(UInt32.self))
    #expect(convert(CK_I64, Int64.self) == wanted(Int64.self))
    #expect(convert(CK_U64, UInt64.self) == wanted(UInt64.self))
  }

  @Test("keeps the low bits between integers, makes bools of what is not zero")
  func integers() {
    let x: [Int64] = [-1, 0, 1, 300, 1 << 40, -(1 << 33) - 5]
    var bytes = [UInt8](repeating: 9, count: 6), words = [Int32](repeating: 9, count: 6),
      halves = [UInt16](repeating: 0, count: 6)
    ck_convert(0, CK_I64, CK_U8, 6, x, &bytes, 1)
    #expect(bytes == [255, 0, 1, 44, 0, 251])
    ck_convert(0, CK_I64, CK_I32, 6, x, &words, 1)
    #expect(words == [-1, 0, 1, 300, 0, -5])
    ck_convert(0, CK_I64, CK_BOOL, 6, x, &bytes, 1)
    #expect(bytes == [1, 0, 1, 1, 1, 1])
    ck_convert(0, CK_BOOL, CK_F16, 6, bytes, &halves, 1)
    #expect(halves == [0x3c00, 0, 0x3c00, 0x3c00, 0x3c00, 0x3c00])
  }
}
