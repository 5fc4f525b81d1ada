//! What rooms keep in memory for a connection, each under a type of its own, so that the connection need not know them.

use rustc_hash::FxHashMap;
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::rc::Rc;

/// One value of each type, made when it is asked for first.
#[derive(Default)]
pub(in crate::store) struct KeptValues(RefCell<FxHashMap<TypeId, Rc<dyn Any>>>);

impl KeptValues {
    /// The value of a type.
    pub fn of<T: Any + Default>(&self) -> Rc<T> {
        let id = TypeId::of::<T>();
        let known = self.0.borrow().get(&id).cloned();
        let any =
            known.unwrap_or_else(|| Rc::clone(self.0.borrow_mut().entry(id).or_insert_with(|| Rc::new(T::default()))));
        // What is kept under a type's id is of that type.
        any.downcast().unwrap_or_default()
    }

    /// Drops all of them.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn each_type_has_a_value_of_its_own_until_all_are_forgotten() {
        let kept = KeptValues::default();
        kept.of::<Cell<u32>>().set(7);
        assert_eq!((kept.of::<Cell<u32>>().get(), kept.of::<Cell<i64>>().get()), (7, 0));
        kept.forget();
        assert_eq!(kept.of::<Cell<u32>>().get(), 0);
    }
}
