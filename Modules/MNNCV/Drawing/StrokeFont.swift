import Foundation

/// Letters as lines: the printable characters of ASCII, 21 units high above the base line and 7 below it.
struct StrokeFont: Sendable {
  struct Glyph: Sendable {
    /// Units to where the next letter begins.
    var advance: Double
    /// Lines through points, y upwards from the base line.
    var strokes: [[Point]]
  }

  static let height = 21.0
  static let depth = 7.0

  static let plain = StrokeFont(table)
  private let glyphs: [Character: Glyph]

  /// What stands for a character; a question mark for those that there are no lines for.
  func glyph(_ character: Character) -> Glyph {
    glyphs[character] ?? glyphs["?"] ?? Glyph(advance: 18, strokes: [])
  }

  var characters: Set<Character> { Set(glyphs.keys) }

  /// Reads lines of a character, its advance, and strokes that begin with `|`: points `x,y`, and elliptical arcs
  /// `@x,y,rx,ry,from,to` around a center, in degrees counterclockwise from the right.
  init(_ table: String) {
    var glyphs: [Character: Glyph] = [:]
    for line in table.split(separator: "\n") {
      guard let character = line.first else { continue }
      var glyph = Glyph(advance: 0, strokes: [])
      for word in line.dropFirst().split(separator: " ") {
        let isArc = word.first == "@"
        let numbers = word.dropFirst(isArc ? 1 : 0).split(separator: ",").compactMap { Double($0) }
        switch numbers.count {
        case 1: glyph.advance = numbers[0]
        case 2: glyph.append([Point(x: numbers[0], y: numbers[1])])
        case 6: glyph.append(Self.arc(numbers))
        default: glyph.strokes.append([])
        }
      }
      glyphs[character] = glyph
    }
    self.glyphs = glyphs
  }

  private static func arc(_ n: [Double]) -> [Point] {
    let steps = max(1, Int(converting: (abs(n[5] - n[4]) / 15).rounded(.up)))
    return (0...steps).map { step in
      let angle = (n[4] + (n[5] - n[4]) * Double(step) / Double(steps)) * .pi / 180
      return Point(x: n[0] + n[2] * cos(angle), y: n[1] + n[3] * sin(angle))
    }
  }

  private static let table = #"""
      16
    ! 10 | 5,21 5,7 | 5,1 5,0
    " 14 | 5,21 5,15 | 10,21 10,15
    # 21 | 8,21 5,0 | 16,21 13,0 | 2,14 19,14 | 2,7 19,7
    $ 19 | @9.5,14.2,6,4.6,35,270 @9.5,5,6.5,4.6,90,-145 | 9.5,21 9.5,-2
    % 24 | 20,21 4,0 | @6,17,4,4,0,360 | @18,4,4,4,0,360
    & 24 | 21,0 6.5,14 6,17 7,20 9.5,21 12,20 13,17 11.5,14 5,9 3,5.5 4,2 7,0 11,0 15,2.5 19.5,9.5
    ' 8 | 4,21 4,15
    ( 12 | @15,8,10,13,115,245
    ) 12 | @-3,8,10,13,65,-65
    * 16 | 8,18 8,8 | 3.5,15.5 12.5,10.5 | 12.5,15.5 3.5,10.5
    + 22 | 11,17 11,3 | 4,10 18,10
    , 8 | 4.5,1 4.5,0 3,-4
    - 20 | 4,9 16,9
    . 8 | 4,1 4,0
    / 18 | 2,-3 16,21
    0 20 | @10,10.5,7,10.5,0,360
    1 20 | 5,16.5 10.5,21 10.5,0
    2 20 | @10,15,6.5,6,165,-30 3,0 17,0
    3 20 | 4,21 16,21 9.5,13 @9.5,6.5,7,6.5,90,-145
    4 20 | 13.5,0 13.5,21 3,6.5 18,6.5
    5 20 | 15.5,21 5,21 4,12 @9.8,6.8,7,6.8,130,-145
    6 20 | 14.5,21 4.5,10.5 @10,6.8,7,6.8,147,-213
    7 20 | 3,21 17,21 7,0
    8 20 | @10,16,5.5,5,-90,270 | @10,5.5,7,5.5,90,450
    9 20 | 5.5,0 15.5,10.5 @10,14.2,7,6.8,-33,327
    : 8 | 4,13 4,12 | 4,1 4,0
    ; 8 | 4,13 4,12 | 4.5,1 4.5,0 3,-4
    < 20 | 16,17 4,10 16,3
    = 22 | 4,13 18,13 | 4,7 18,7
    > 20 | 4,17 16,10 4,3
    ? 18 | @9,16,5.5,5,165,-45 9,9 9,6.5 | 9,1 9,0
    @ 26 | @13.5,9,4,4,0,360 | 17.5,13 17.5,7.5 @20.2,7.5,2.7,2.5,180,360 22.9,10 @12.9,10,10,10.5,0,300
    A 18 | 1,0 9,21 17,0 | 4,7 14,7
    B 20 | 3,0 3,21 11,21 @11,16,5,5,90,-90 3,11 | 11,11 @11,5.5,6,5.5,90,-90 3,0
    C 20 | @11,10.5,8.5,10.5,45,315
    D 20 | 3,0 3,21 9,21 @9,10.5,8,10.5,90,-90 3,0
    E 18 | 16,21 3,21 3,0 16,0 | 3,11 12,11
    F 17 | 16,21 3,21 3,0 | 3,11 12,11
    G 21 | @11,10.5,8.5,10.5,45,330 18.4,9 12,9
    H 21 | 3,0 3,21 | 18,0 18,21 | 3,11 18,11
    I 8 | 4,0 4,21
    J 15 | 12,21 12,5 @7,5,5,5,0,-180
    K 20 | 3,0 3,21 | 17,21 3,8 | 8,12.6 18,0
    L 17 | 3,21 3,0 15,0
    M 24 | 3,0 3,21 12,4 21,21 21,0
    N 21 | 3,0 3,21 18,0 18,21
    O 21 | @10.5,10.5,8.5,10.5,0,360
    P 20 | 3,0 3,21 11,21 @11,15.5,6,5.5,90,-90 3,10
    Q 21 | @10.5,10.5,8.5,10.5,0,360 | 12,4 19,-2
    R 20 | 3,0 3,21 11,21 @11,15.5,6,5.5,90,-90 3,10 | 10,10 18,0
    S 19 | @9.5,15.8,6.5,5.2,35,270 @9.5,5.3,7,5.3,90,-145
    T 18 | 1,21 17,21 | 9,21 9,0
    U 21 | 3,21 3,7.5 @10.5,7.5,7.5,7.5,180,360 18,21
    V 18 | 1,21 9,0 17,21
    W 26 | 2,21 7.5,0 13,21 18.5,0 24,21
    X 20 | 3,0 17,21 | 3,21 17,0
    Y 18 | 1,21 9,11 9,0 | 9,11 17,21
    Z 20 | 3,21 17,21 3,0 17,0
    [ 12 | 10,21 5,21 5,-5 10,-5
    \ 18 | 2,21 16,-3
    ] 12 | 2,21 7,21 7,-5 2,-5
    ^ 16 | 3,14 8,21 13,14
    _ 18 | 0,-4 18,-4
    ` 9 | 3,21 6,17
    a 19 | 15,14 15,0 | @9,7,6,7,0,360
    b 19 | 4,21 4,0 | @10,7,6,7,0,360
    c 18 | @10,7,6.5,7,50,310
    d 19 | 15,21 15,0 | @9,7,6,7,0,360
    e 18 | 3.3,7.6 @9.5,7,6.2,7,5,310
    f 12 | @9,17,4,4,70,180 5,0 | 1,14 10,14
    g 19 | 15,14 15,-2 @9.5,-2,5.5,5,0,-150 | @9,7,6,7,0,360
    h 19 | 4,0 4,21 | 4,8.5 @9.5,8.5,5.5,5.5,180,0 15,0
    i 8 | 4,0 4,14 | 4,19 4,20
    j 10 | 6,14 6,-3 @2,-3,4,4,0,-90 | 6,19 6,20
    k 17 | 4,0 4,21 | 14,14 4,5 | 8,8.6 15,0
    l 9 | 4,21 4,3 @7,3,3,3,180,250
    m 30 | 4,0 4,14 | 4,8.8 @9.5,8.8,5.5,5.2,180,0 15,0 | 15,8.8 @20.5,8.8,5.5,5.2,180,0 26,0
    n 19 | 4,0 4,14 | 4,8.5 @9.5,8.5,5.5,5.5,180,0 15,0
    o 19 | @9.5,7,6.5,7,0,360
    p 19 | 4,14 4,-7 | @10,7,6,7,0,360
    q 19 | 15,14 15,-7 | @9,7,6,7,0,360
    r 13 | 4,0 4,14 | 4,8 @10,8,6,6,180,90 11.5,13.8
    s 17 | @8.5,10.4,5,3.6,40,270 @8.5,3.4,5.5,3.4,90,-145
    t 12 | 5,21 5,4 @9,4,4,4,180,280 | 1,14 10,14
    u 19 | 4,14 4,5.5 @9.5,5.5,5.5,5.5,180,360 | 15,14 15,0
    v 16 | 2,14 8,0 14,14
    w 22 | 2,14 6.5,0 11,14 15.5,0 20,14
    x 17 | 3,0 14,14 | 3,14 14,0
    y 16 | 2,14 8,0 | 14,14 8,0 5,-6 2,-7
    z 17 | 3,14 14,14 3,0 14,0
    { 13 | @11,17,4,4,90,180 7,12 4,8 7,4 7,-1 @11,-1,4,4,180,270
    | 8 | 4,21 4,-5
    } 13 | @2,17,4,4,90,0 6,12 9,8 6,4 6,-1 @2,-1,4,4,0,-90
    ~ 22 | 3,8 @7,8,4,3.5,180,0 @15,8,4,3.5,180,360
    """#
}

extension StrokeFont.Glyph {
  /// Continues the last stroke.
  fileprivate mutating func append(_ points: [Point]) {
    guard !strokes.isEmpty else { return }
    strokes[strokes.count - 1] += points
  }
}
