// Methods and a closure, inlined into a function; a generic one.
#![no_std]

pub struct Square<Unit> {
    side: Unit,
}

impl Square<u32> {
    #[inline(always)]
    pub fn area(&self, drawn: &core::cell::Cell<u32>) -> u32 {
        self.side.wrapping_mul(self.side) ^ drawn.get()
    }
}

#[inline(never)]
pub fn draw(square: &Square<u32>, drawn: &core::cell::Cell<u32>) -> u32 {
    let twice = |value: u32| value.wrapping_add(drawn.get());
    drawn.set(twice(square.area(drawn)));
    drawn.get() / square.side
}
