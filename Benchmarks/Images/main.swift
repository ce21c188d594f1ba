import MNNCV

/// Times what is done to a picture before a model runs: `imagebench FILE NAME SECONDS` prints the median in milliseconds;
/// `imagebench --list` the names. Scripts/bench/cv asks OpenCV the same.
let arguments = Array(CommandLine.arguments.dropFirst())
let file = arguments.first ?? ""
let input = ModelInput(width: 224, height: 224, mean: [123.675, 116.28, 103.53], norm: [0.0171, 0.0175, 0.0174])
func image() throws -> Variable { try cv.imread(file) }

/// An operation on the picture, or on its gray version.
func on(_ source: @escaping () throws -> Variable, _ body: @escaping (Variable) throws -> Void) -> () throws -> () throws -> Void
{
  {
    let image = try source()
    return { try body(image) }
  }
}
func gray() throws -> Variable { try cv.cvtColor(image(), cv.COLOR_BGR2GRAY) }
func mask() throws -> Variable { try cv.threshold(gray(), 0, 255, .binary, .otsu).image }
let turn = try cv.getRotationMatrix2D((960, 540), 10, 0.9)
let tilt = Variable([0.9, 0.1, 20, -0.05, 0.95, 30, 0.00005, 0.00002, 1], shape: [3, 3])
let ellipse = try cv.getStructuringElement(.ellipse, (5, 5))

let operations: [(name: String, prepare: () throws -> () throws -> Void)] = [
  ("file to model", { { _ = try cv.imread(file, for: input) } }),
  ("file to model, full decoding", { { _ = try cv.imread(file, for: input, fullDecoding: true) } }),
  ("imread", { { _ = try cv.imread(file) } }),
  ("resize to model", on(image) { _ = try cv.resize($0, for: input) }),
  ("resize linear", on(image) { _ = try cv.resize($0, (640, 360)) }),
  ("resize area", on(image) { _ = try cv.resize($0, (500, 300), interpolation: .area) }),
  ("resize cubic", on(image) { _ = try cv.resize($0, (640, 360), interpolation: .cubic) }),
  ("resize nearest", on(image) { _ = try cv.resize($0, (640, 360), interpolation: .nearest) }),
  ("cvtColor gray", on(image) { _ = try cv.cvtColor($0, cv.COLOR_BGR2GRAY) }),
  ("cvtColor RGB", on(image) { _ = try cv.cvtColor($0, cv.COLOR_BGR2RGB) }),
  ("cvtColor HSV", on(image) { _ = try cv.cvtColor($0, cv.COLOR_BGR2HSV) }),
  ("GaussianBlur 5", on(image) { _ = try cv.GaussianBlur($0, (5, 5), 0) }),
  ("GaussianBlur 5, sigma 1.5", on(image) { _ = try cv.GaussianBlur($0, (5, 5), 1.5) }),
  ("blur 5", on(image) { _ = try cv.blur($0, (5, 5)) }),
  ("medianBlur 5", on(image) { _ = try cv.medianBlur($0, 5) }),
  ("Sobel of gray", on(gray) { _ = try cv.Sobel($0, .int16, 1, 0) }),
  ("dilate 5x5 ellipse", on(image) { _ = try cv.dilate($0, ellipse) }),
  ("threshold", on(gray) { _ = try cv.threshold($0, 100, 255, .binary) }),
  ("adaptiveThreshold", on(gray) { _ = try cv.adaptiveThreshold($0, 255, .mean, .binary, 11, 2) }),
  ("warpAffine", on(image) { _ = try cv.warpAffine($0, turn, (1920, 1080)) }),
  ("warpPerspective", on(image) { _ = try cv.warpPerspective($0, tilt, (1920, 1080)) }),
  ("connectedComponents", on(mask) { _ = try cv.connectedComponentsWithStats($0) }),
  ("findContours", on(mask) { _ = try cv.findContours($0, .list, .simple) }),
  ("calcHist", on(gray) { _ = try cv.calcHist([$0], [0], nil, [256], [0, 256]) }),
]

if arguments.first == "--list" {
  print(operations.map(\.name).joined(separator: "\n"))
} else if arguments.count == 3, let operation = operations.first(where: { $0.name == arguments[1] }),
  let seconds = Double(arguments[2])
{
  let run = try operation.prepare()
  let clock = ContinuousClock()
  try run()
  var times: [Double] = []
  let end = clock.now + .seconds(seconds)
  while clock.now < end || times.count < 5 {
    let time = try clock.measure { try run() }
    times.append(Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) * 1e-15)
  }
  print(times.sorted()[times.count / 2])
} else {
  print("usage: imagebench --list | FILE NAME SECONDS")
}
