// RUN: glu-opt %s --convert-scf-to-cf --convert-cf-to-llvm --glu-annotate-loops | FileCheck %s
// RUN: glu-opt %s --convert-scf-to-cf --convert-to-llvm --glu-annotate-loops --reconcile-unrealized-casts | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=LLVM

// CHECK: #[[UNROLL:.+]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[STAYS:.+]] = #llvm.loop_annotation<unroll = #[[UNROLL]]>
// CHECK-NOT: llvm.loop_annotation =
// CHECK: llvm.br {{.*}} {loop_annotation = #[[STAYS]]}
// CHECK-NOT: llvm.loop_annotation =

// LLVM: br label %{{.*}}, !llvm.loop ![[LOOP:[0-9]+]]
// LLVM: ![[LOOP]] = distinct !{![[LOOP]], ![[STAYS:[0-9]+]]}
// LLVM: ![[STAYS]] = !{!"llvm.loop.unroll.disable"}
func.func @sum(%begin: index, %end: index, %step: index, %x: f32) -> f32 {
  %y = scf.for %i = %begin to %end step %step iter_args(%sum = %x) -> f32 {
    %next = arith.addf %sum, %sum : f32
    scf.yield %next : f32
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <disable = true>>}
  return %y : f32
}
