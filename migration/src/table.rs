//! A short form of `CREATE TABLE` for the migrations.

use sea_orm_migration::prelude::*;

/// A table in the making.
pub struct NewTable<'m, 'c> {
    manager: &'m SchemaManager<'c>,
    name: &'static str,
    create: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

/// Begins a table.
pub fn table<'m, 'c>(manager: &'m SchemaManager<'c>, name: &'static str) -> NewTable<'m, 'c> {
    NewTable { manager, name, create: Table::create().table(name).to_owned(), indexes: Vec::new() }
}

impl NewTable<'_, '_> {
    /// Adds a column.
    pub fn column(mut self, mut column: ColumnDef) -> Self {
        self.create.col(&mut column);
        self
    }

    /// Sets the primary key.
    pub fn key(mut self, columns: &[&'static str]) -> Self {
        let mut key = Index::create();
        for column in columns {
            key.col(*column);
        }
        self.create.primary_key(&mut key);
        self
    }

    /// Adds a foreign key.
    pub fn references(mut self, column: &'static str, table: &'static str, key: &'static str) -> Self {
        self.create.foreign_key(ForeignKey::create().from(self.name, column).to(table, key));
        self
    }

    /// Adds a unique index.
    pub fn unique(self, columns: &[&'static str]) -> Self {
        self.add_index(columns, true)
    }

    /// Adds an index.
    pub fn index(self, columns: &[&'static str]) -> Self {
        self.add_index(columns, false)
    }

    fn add_index(mut self, columns: &[&'static str], unique: bool) -> Self {
        let mut index =
            Index::create().table(self.name).name(format!("{}_{}", self.name, columns.join("_"))).to_owned();
        for column in columns {
            index.col(*column);
        }
        if unique {
            index.unique();
        }
        self.indexes.push(index);
        self
    }

    /// Creates the table and its indexes.
    pub async fn create(self) -> Result<(), DbErr> {
        self.manager.create_table(self.create).await?;
        for index in self.indexes {
            self.manager.create_index(index).await?;
        }
        Ok(())
    }
}
